import assert from 'node:assert/strict'
import { test } from 'node:test'
import { clientNetwork } from '../../src/http/client-network.ts'
import { compileKey, keyProblem } from '../../src/exchange/request-key.ts'
import type { Exchange } from '../../src/contract/exchange.ts'

interface KeySource {
  readonly clientIp: string
  readonly headers: Exchange['headers']
  readonly params: Record<string, string>
  readonly claims: Record<string, unknown> | null
  readonly route: { readonly name: string } | undefined
}

const source = ({ clientIp = '192.0.2.1', headers = {}, params, claims = null, route }: Partial<KeySource> = {}): Exchange => ({
  clientIp,
  headers,
  match: { params, matchedPath: () => '/a' },
  request: { claims, query: { q: 'x' } },
  route,
  path: '/a'
}) as unknown as Exchange
const same = (
  key: string | string[],
  a: Partial<KeySource>,
  b: Partial<KeySource>
): boolean => compileKey(key).read(source(a)) === compileKey(key).read(source(b))

for (const [ip, network] of [
  ['192.0.2.1', '192.0.2.1'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['::FFFF:c000:201', '192.0.2.1'],
  ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:1:2::', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['::', '0:0:0:0::/64'],
  ['1:2:3:4:5:6:192.0.2.1', '1:2:3:4::/64'],
  ['', ''],
  ['1::2::3', '1::2::3'],
  ['nonsense:', 'nonsense:']
] as const) {
  test(
    `the client at ${ip || 'no address'} counts as ${network || 'one without an address'}`,
    () => assert.equal(clientNetwork(ip), network)
  )
}

test('two addresses of one IPv6 network are one client, those of two networks are two', () => {
  assert.ok(same('ip', { clientIp: '2001:db8::1' }, { clientIp: '2001:db8::ffff:1' }))
  assert.ok(!same('ip', { clientIp: '2001:db8:0:1::1' }, { clientIp: '2001:db8:0:2::1' }))
})

test('a header, cookie, parameter or claim tells clients at one address apart', () => {
  assert.ok(!same('header:X-Api-Key', { headers: { 'x-api-key': 'a' } }, { headers: { 'x-api-key': 'b' } }))
  assert.ok(!same('cookie:sid', { headers: { cookie: 'a=1; sid=2' } }, { headers: { cookie: 'a=1; sid=3' } }))
  assert.ok(same('cookie:sid', { headers: { cookie: 'a=1; sid=2' } }, { headers: { cookie: 'sid=2; a=9' } }))
  assert.ok(!same('param:id', { params: { id: '1' } }, { params: { id: '2' } }))
  assert.ok(!same('claim:sub', { claims: { sub: 'ann' } }, { claims: { sub: 'bob' } }))
  assert.ok(!same('route', { route: { name: '/a' } }, { route: { name: '/b' } }))
  assert.ok(same('global', { clientIp: '192.0.2.1' }, { clientIp: '192.0.2.2' }))
})

test('a claim is named whole or by the path to it', () => {
  const key = compileKey('claim:org.tenant')
  const of = (claims: Record<string, unknown>): string => key.read(source({ claims }))
  assert.equal(of({ org: { tenant: 'north' } }), of({ 'org.tenant': 'north' }))
  assert.notEqual(of({ org: { tenant: 'north' } }), of({ org: { tenant: 'south' } }))
  assert.equal(of({ org: { tenant: {} } }), compileKey('ip').read(source()))
})

test('a request without the value is counted by its address', () => {
  for (const key of ['header:x-api-key', 'cookie:sid', 'param:id', 'claim:sub', 'claim:constructor', 'param:__proto__']) {
    const over = { headers: { 'x-api-key': '', cookie: 'sid=; other' }, params: {}, claims: { sub: { deep: true } } }
    assert.equal(compileKey(key).read(source(over)), compileKey('ip').read(source()), key)
  }
})

test('a header cannot pose as the address of another client', () => {
  assert.notEqual(compileKey('header:x').read(source({ headers: { x: '192.0.2.1' } })), compileKey('header:x').read(source()))
})

test('a list counts every combination by itself, whatever is in the values', () => {
  const key = ['header:a', 'header:b']
  assert.ok(!same(key, { headers: { a: '1', b: '2' } }, { headers: { a: '1', b: '3' } }))
  assert.ok(!same(key, { headers: { a: '1h2', b: '' } }, { headers: { a: '1', b: '2' } }))
  assert.ok(!same(key, { headers: { a: 'x2:hy', b: 'z' } }, { headers: { a: 'x', b: 'y2:hz' } }))
})

test('a long value takes no more memory than a short one and is still told apart', () => {
  const read = (value: string): string => compileKey('header:x').read(source({ headers: { x: value } }))
  const a = read('v'.repeat(30_000))
  assert.ok(a.length <= 64)
  assert.notEqual(a, read(`${'v'.repeat(29_999)}w`))
})

test('the words for a person do not have the value of a header or cookie', () => {
  assert.equal(
    compileKey(['ip', 'header:x-api-key', 'claim:sub']).describe(source({ headers: { 'x-api-key': 'secret' }, claims: { sub: 'ann' } })),
    '192.0.2.1, header:x-api-key, claim:sub ann'
  )
})

test('a parameter that is repeated is all its values and never the address', () => {
  const of = (q: unknown): string => compileKey('query:q').read(Object.assign(source(), { request: { query: { q }, claims: null } }))
  assert.equal(of(['1', '2']), of(['1', '2']))
  for (const other of [of('1'), of('2'), of(['2', '1']), compileKey('ip').read(source())]) assert.notEqual(of(['1', '2']), other)
})

test('keys that do not exist are refused with those that do', () => {
  for (const key of ['', 'IP', 'header:', 'header', 'header:a b', 'cookie:a;b', 'user']) {
    assert.match(keyProblem(key) ?? '', /^must be ip, route, path, global/, key)
  }
  for (const key of ['ip', 'route', 'global', 'header:x', 'cookie:x', 'param:x', 'claim:https://example.com/plan']) {
    assert.equal(keyProblem(key), undefined, key)
  }
})
