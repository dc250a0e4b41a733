/** What counts as a host, and when two spellings are one. */
import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { readHost } from '../../src/http/host.ts'

test('a host is read in lower case, without port and without the dot that may end it', () => {
  const cases: ReadonlyArray<readonly [string, string]> = [
    ['api.example', 'api.example'], [
      'API.Example:8080',
      'api.example'
    ], ['api.example.', 'api.example'], ['api.example.:80', 'api.example'], ['a', 'a'],
    ['127.0.0.1:3000', '127.0.0.1'], ['my_service', 'my_service'], [
      'xn--bcher-kva.example',
      'xn--bcher-kva.example'
    ], ['a:', 'a'], ['a:65535', 'a'],
    ['[::1]', '[::1]'], ['[::1]:8080', '[::1]'], ['[2001:DB8:0:0::1]', '[2001:db8::1]'], ['[0:0:0:0:0:0:0:1]', '[::1]']
  ]
  for (const [value, host] of cases) assert.equal(readHost(value), host, value)
})

test('what is no host is refused', () => {
  const bad = [
    '', ' ', ':80', '.', '..', '.a', 'a..b', 'a..', 'user@a', 'user:pw@a', 'a/b', 'a?b', 'a#b', 'a\\b', 'a,b', 'a, b',
    'a b', ' a', 'a ', 'a\tb', 'a\0', 'a%41', 'caf\xe9', 'a:b', 'a:-1',
    'a:65536', 'a:123456', 'a:8 0', 'a:80:80', '::1', '[::1', '::1]', '[]', '[1.2.3.4]', '[::1]x', '[::1]:x',
    '[fe80::1%25eth0]', '[fe80::1%eth0]', '[v1.x]', 'a[::1]', 'a*', '*', 'a'.repeat(255)
  ]
  for (const value of bad) assert.equal(readHost(value), undefined, JSON.stringify(value))
  assert.equal(readHost(undefined), undefined)
})

test('reading a host again changes nothing', () => {
  fc.assert(fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6().map(ip => `[${ip}]`), fc.webAuthority(), fc.string()), value => {
    const host = readHost(value)
    if (host !== undefined) assert.equal(readHost(host), host)
  }))
})
