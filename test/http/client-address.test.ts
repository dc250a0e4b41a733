/** Who the client is, behind proxies that are trusted and clients that lie. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { clientAddress, compileTrust } from '../../src/http/client-address.ts'

test('networks, single addresses and names are trusted, and nothing else', () => {
  const trusted = compileTrust(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', 'loopback'])
  for (const ip of [
    '10.0.0.1', '10.255.255.255', '192.0.2.1', '2001:db8::1', '127.0.0.1', '127.9.9.9', '::1', '::ffff:10.1.2.3',
    '::ffff:a01:203'
  ]) assert.equal(trusted(ip), true, ip)
  for (const ip of [
    '11.0.0.1', '192.0.2.2', '2001:db9::1', '::2', '::ffff:11.0.0.1', '', 'unknown', '10.0.0.1, 10.0.0.2', '10.0.0',
    '10.0.0.01'
  ]) assert.equal(trusted(ip), false, ip)
})

test('private means the private networks of IPv4 and the unique local ones of IPv6', () => {
  const trusted = compileTrust(['private'])
  for (const ip of ['10.1.1.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fd00::1']) assert.equal(trusted(ip), true, ip)
  for (const ip of ['172.32.0.1', '192.169.0.1', '127.0.0.1', 'fe80::1', '2001::1']) assert.equal(trusted(ip), false, ip)
})

test('a response does not depend on what was asked before', () => {
  const trusted = compileTrust(['10.0.0.1'])
  assert.deepEqual(['10.0.0.1', '10.0.0.2', '10.0.0.2', '10.0.0.1', '10.0.0.1'].map(trusted), [true, false, false, true, true])
})

test('an empty list trusts no peer, and a prefix of zero trusts all', () => {
  assert.equal(compileTrust([])('127.0.0.1'), false)
  assert.equal(compileTrust(['0.0.0.0/0'])('8.8.8.8'), true)
})

test('text that is no network is refused by name', () => {
  for (const network of [
    '', 'x', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0', '::/129', '10.0.0.0/255.0.0.0',
    'fe80::1%eth0', 'constructor', '010.0.0.1'
  ]) {
    assert.throws(
      () => compileTrust(['10.0.0.1', network]),
      (error: unknown) => error instanceof RangeError && error.message.includes(`"${network}"`),
      network
    )
  }
})

test('the client is the right-most address that is not trusted', () => {
  const trusted = compileTrust(['10.0.0.0/8', 'fd00::/8'])
  const cases: ReadonlyArray<readonly [peer: string, list: string | undefined, client: string]> = [
    ['192.0.2.7', undefined, '192.0.2.7'],
    ['192.0.2.7', '6.6.6.6', '192.0.2.7'],
    ['::ffff:192.0.2.7', '6.6.6.6', '192.0.2.7'],
    ['10.0.0.1', undefined, '10.0.0.1'],
    ['10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['::ffff:10.0.0.1', '198.51.100.9', '198.51.100.9'],
    ['10.0.0.1', '6.6.6.6, 198.51.100.9', '198.51.100.9'],
    ['10.0.0.1', '6.6.6.6, 198.51.100.9 ,10.0.0.2,\t10.0.0.3', '198.51.100.9'],
    ['10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['10.0.0.1', '2001:DB8::1', '2001:db8::1'],
    ['fd00::1%eth0', '[2001:db8::1]:4711', '2001:db8::1'],
    ['10.0.0.1', '198.51.100.9:4711', '198.51.100.9'],
    ['10.0.0.1', '::FFFF:198.51.100.9', '198.51.100.9']
  ]
  for (const [peer, list, client] of cases) assert.equal(clientAddress(peer, list, trusted), client, `${peer} ${list}`)
})

test('what is no address ends the walk at the last good one', () => {
  const trusted = compileTrust(['10.0.0.0/8'])
  for (const garbage of [
    '', ' ', 'unknown', '_hidden', '999.1.1.1', '1.2.3.4:999999', '[::1', '1.2.3', '<script>', '6.6.6.6 6.6.6.6',
    'for=6.6.6.6', '"6.6.6.6"'
  ]) {
    assert.equal(clientAddress('10.0.0.1', `6.6.6.6, ${garbage}, 10.0.0.2`, trusted), '10.0.0.2', garbage)
    assert.equal(clientAddress('10.0.0.1', garbage, trusted), '10.0.0.1', garbage)
  }
})
