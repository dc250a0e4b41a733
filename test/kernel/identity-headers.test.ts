/** `identityHeaders`: from claims to fields for the upstream. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { validate } from '../../src/config/check/validate.ts'
import {
  checkIdentityHeaders, compileIdentityHeaders, identityFieldNames, IdentityHeadersSchema, ownedFieldProblem
} from '../../src/identity/identity-headers.ts'

const claims = {
  sub: 'anna',
  roles: ['reader', 'writer'],
  address: { country: 'DE' },
  'https://a.example/tier': 'gold',
  level: 3,
  split: 'a\r\nx-admin: 1',
  padded: ' admin',
  city: 'Köln',
  none: null,
  object: {}
}

test('claims become fields by name or by path, names in lower case', () => {
  const write = compileIdentityHeaders({
    'X-User': 'sub',
    'x-roles': 'roles',
    'x-country': 'address.country',
    'x-tier': 'https://a.example/tier',
    'x-level': 'level'
  })!
  assert.deepEqual(write(claims), ['x-user', 'anna', 'x-roles', 'reader,writer', 'x-country', 'DE', 'x-tier', 'gold', 'x-level', '3'])
  assert.deepEqual(identityFieldNames({ 'X-User': 'sub' }), ['x-user'])
})

test('a claim has a name of one letter or more', () => {
  assert.deepEqual(validate(IdentityHeadersSchema, { 'x-user': 'u' }).problems, [])
  assert.deepEqual(validate(IdentityHeadersSchema, { 'x-user': '' }).problems.map(({ pointer }) => pointer), ['/x-user'])
})

test('text beyond ASCII is sent as UTF-8', () => {
  assert.deepEqual(compileIdentityHeaders({ 'x-city': 'city' })!(claims), ['x-city', Buffer.from('Köln').toString('latin1')])
})

test('what could split a header, arrive changed, or is not there is left out', () => {
  for (const path of ['split', 'padded', 'none', 'object', 'absent', 'constructor', '__proto__', 'sub.length']) {
    assert.deepEqual(compileIdentityHeaders({ 'x-user': path })!(claims), [], path)
  }
})

test('names that frame the message or carry credentials are refused at their place', () => {
  const seen: string[] = []
  checkIdentityHeaders(
    { 'x user': 'sub', 'Host': 'sub', 'content-length': 'sub', 'Authorization': 'sub', 'x-user': 'sub' },
    ({ pointer }) => { seen.push(pointer) }
  )
  assert.deepEqual(
    seen,
    ['/identityHeaders/x user', '/identityHeaders/Host', '/identityHeaders/content-length', '/identityHeaders/Authorization']
  )
})

test('a name has every letter that a header name may have', () => {
  for (const name of ['0', '9', 'x-0', "!#$%&'*+.^_`|~", 'A', 'z', '-']) assert.equal(ownedFieldProblem(name), undefined, name)
  for (const name of ['', ' ', 'a b', 'a:', 'ä', 'a(b)', '"a"', 'a/b']) {
    assert.match(ownedFieldProblem(name)!, /is not a header name$/, name)
  }
})

test('without the option nothing is made', () => {
  assert.equal(compileIdentityHeaders({}), undefined)
})
