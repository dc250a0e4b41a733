/** How else a service might read a path. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { readings } from '../../src/http/readings.ts'

test('an ordinary path has no other reading', () => {
  for (const path of ['/', '/users/42', '/a/b/', '/a%20b', '/%E2%98%83', '/a%252fb', '*']) assert.deepEqual(readings(path), [], path)
})

test('encoded slashes, doubled slashes and parameters give the paths that other services would see', () => {
  assert.deepEqual(readings('/public%2Fadmin'), ['/public/admin'])
  assert.deepEqual(readings('/public%2fadmin'), ['/public/admin'])
  assert.deepEqual(readings('//admin'), ['/admin'])
  assert.deepEqual(readings('/admin;v=1/x'), ['/admin/x'])
  assert.deepEqual(readings('/admin;'), ['/admin'])
  assert.deepEqual(readings('/admin%3B/x'), ['/admin;/x', '/admin/x'])
})

test('habits combine: each reading is listed once and the path itself never', () => {
  const found = readings('/;x/%2Fadmin;y')
  for (const expected of ['/;x//admin;y', '//%2Fadmin', '///admin', '/admin', '/;x/admin;y']) assert.ok(found.includes(expected), expected)
  assert.equal(new Set(found).size, found.length)
  assert.equal(found.includes('/;x/%2Fadmin;y'), false)
})

test('an encoded slash inside a parameter ends the parameter for who decodes first and belongs to it for who does not', () => {
  assert.deepEqual(new Set(readings('/a;b%2Fc')), new Set(['/a;b/c', '/a', '/a/c']))
})
