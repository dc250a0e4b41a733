/** Which hosts certificates are requested for, and what is a problem about them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { certificatesFor, hostProblem } from '../../src/config/acme-hosts.ts'

test('without a list there is a certificate for each host of the routes, whatever their order', () => {
  const routes = [{ host: 'Shop.example' }, {}, { host: ['docs.example', '*.docs.example', 'shop.example'] }, { host: 'a_b.example' }]
  const expected = [['docs.example'], ['shop.example']]
  assert.deepEqual(certificatesFor({}, routes), expected)
  assert.deepEqual(certificatesFor({}, routes.toReversed()), expected)
  assert.deepEqual(certificatesFor({}, [{ host: '*.shop.example' }]), [])
})

test('a list inside the list is one certificate, and the routes do not count', () => {
  const hosts = ['shop.example', ['B.example', 'a.example', 'b.example'], ['a.example', 'b.example']]
  assert.deepEqual(certificatesFor({ hosts }, [{ host: 'other.example' }]), [['a.example', 'b.example'], ['shop.example']])
})

const noNames = [
  '', 'a..b', '-a.example', 'a-.example', 'a_b.example', 'shop.example.', '../etc', 'bücher.example', 'a b',
  `${'a'.repeat(64)}.example`, `${'a.'.repeat(126)}example`
]

test('only a single host name can be proved', () => {
  for (const host of ['shop.example', 'SHOP.example', 'xn--bcher-kva.example', 'localhost', `${'a'.repeat(63)}.example`]) {
    assert.equal(hostProblem(host), undefined, host)
  }
  const problems: readonly (readonly [string, RegExp])[] = [
    ['*.shop.example', /prove single hosts only/],
    ['10.0.0.7', /the address 10\.0\.0\.7/],
    ['2001:db8::1', /the address/],
    ...noNames.map(host => [host, /is not a host name/] as const)
  ]
  for (const [host, expected] of problems) assert.match(hostProblem(host)?.message ?? '', expected, host)
})
