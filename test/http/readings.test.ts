/** How else a service might read a path. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { pathInterpretations } from '../../src/http/path-interpretations.ts'

test('an ordinary path has no other reading', () => {
  for (const path of ['/', '/users/42', '/a/b/', '/a%20b', '/%E2%98%83', '/.well-known/a.b', '/a%2eb', '/a%20b', '/100%25', '*']) {
    assert.deepEqual(pathInterpretations(path), [], path)
  }
})

test('encoded slashes, doubled slashes and parameters give the paths that other services would see', () => {
  assert.deepEqual(pathInterpretations('/public%2Fadmin'), ['/public/admin'])
  assert.deepEqual(pathInterpretations('/public%2fadmin'), ['/public/admin'])
  assert.deepEqual(pathInterpretations('//admin'), ['/admin'])
  assert.deepEqual(pathInterpretations('/admin;v=1/x'), ['/admin/x'])
  assert.deepEqual(pathInterpretations('/admin;'), ['/admin'])
  assert.deepEqual(pathInterpretations('/admin%3B/x'), ['/admin;/x', '/admin/x'])
})

test('escapes that are decoded twice, and what Windows drops, give the paths that other services would see', () => {
  for (const path of [
    '/%2561dmin/x', '/%252561dmin/x', '/%25%36%31dmin/x', '/admin%252fx', '/admin%252Fx', '/admin%255cx',
    '/admin%253bv/x', '/admin%20/x', '/admin./x', '/admin%2e/x', '/admin%2E%20./x', '/admin.%20%2fx', '/admin%2520/x',
    '/admin;v%252f/x', '/admin//x.', '/admin/x%20', '/admin/%20/x', '/admin%20%20/x', '/%25252525252525252561dmin/x',
    '/admin%25%32%66x', '/admin%25%32%46x', '/admin.%2fx'
  ]) {
    assert.ok(pathInterpretations(path)!.includes('/admin/x'), path)
  }
})

test('there are at most 63, and none at all of a long path that has very many', () => {
  const all = '//a%252f;b%3bc%2fd.%20'
  assert.ok(pathInterpretations(all)!.length <= 63)
  assert.equal(pathInterpretations(all.repeat(100)), undefined)
  // Long alone is no reason.
  assert.equal(pathInterpretations(`/a;b/${'c'.repeat(8000)}`)!.length, 1)
  assert.deepEqual(pathInterpretations(`/${'.'.repeat(8000)}a`), [])
})

test('habits combine: each reading is listed once and the path itself never', () => {
  const found = pathInterpretations('/;x/%2Fadmin;y')!
  for (const expected of ['/;x//admin;y', '//%2Fadmin', '///admin', '/admin', '/;x/admin;y']) assert.ok(found.includes(expected), expected)
  assert.equal(new Set(found).size, found.length)
  assert.equal(found.includes('/;x/%2Fadmin;y'), false)
})

test('an encoded slash inside a parameter ends the parameter for who decodes first and belongs to it for who does not', () => {
  assert.deepEqual(new Set(pathInterpretations('/a;b%2Fc')), new Set(['/a;b/c', '/a', '/a/c']))
})
