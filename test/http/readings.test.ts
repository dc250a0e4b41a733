/** How else a service might read a path. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { readings } from '../../src/http/readings.ts'

test('an ordinary path has no other reading', () => {
  for (const path of ['/', '/users/42', '/a/b/', '/a%20b', '/%E2%98%83', '/.well-known/a.b', '/a%2eb', '/a%20b', '/100%25', '*']) assert.deepEqual(readings(path), [], path)
})

test('encoded slashes, doubled slashes and parameters give the paths that other services would see', () => {
  assert.deepEqual(readings('/public%2Fadmin'), ['/public/admin'])
  assert.deepEqual(readings('/public%2fadmin'), ['/public/admin'])
  assert.deepEqual(readings('//admin'), ['/admin'])
  assert.deepEqual(readings('/admin;v=1/x'), ['/admin/x'])
  assert.deepEqual(readings('/admin;'), ['/admin'])
  assert.deepEqual(readings('/admin%3B/x'), ['/admin;/x', '/admin/x'])
})

test('escapes that are decoded twice, and what Windows drops, give the paths that other services would see', () => {
  for (const path of ['/%2561dmin/x', '/%252561dmin/x', '/%25%36%31dmin/x', '/admin%252fx', '/admin%252Fx', '/admin%255cx', '/admin%253bv/x', '/admin%20/x', '/admin./x', '/admin%2e/x', '/admin%2E%20./x', '/admin.%20%2fx', '/admin%2520/x', '/admin;v%252f/x', '/admin//x.', '/admin/x%20', '/admin/%20/x', '/admin%20%20/x', '/%25252525252525252561dmin/x', '/admin%25%32%66x', '/admin%25%32%46x', '/admin.%2fx']) {
    assert.ok(readings(path)!.includes('/admin/x'), path)
  }
})

test('there are at most 63, and none at all of a long path that has very many', () => {
  const all = '//a%252f;b%3bc%2fd.%20'
  assert.ok(readings(all)!.length <= 63)
  assert.equal(readings(all.repeat(100)), undefined)
  // Long alone is no reason.
  assert.equal(readings(`/a;b/${'c'.repeat(8000)}`)!.length, 1)
  assert.deepEqual(readings(`/${'.'.repeat(8000)}a`), [])
})

test('habits combine: each reading is listed once and the path itself never', () => {
  const found = readings('/;x/%2Fadmin;y')!
  for (const expected of ['/;x//admin;y', '//%2Fadmin', '///admin', '/admin', '/;x/admin;y']) assert.ok(found.includes(expected), expected)
  assert.equal(new Set(found).size, found.length)
  assert.equal(found.includes('/;x/%2Fadmin;y'), false)
})

test('an encoded slash inside a parameter ends the parameter for who decodes first and belongs to it for who does not', () => {
  assert.deepEqual(new Set(readings('/a;b%2Fc')), new Set(['/a;b/c', '/a', '/a/c']))
})
