import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Socket } from 'node:net'
import { setPeer } from '../../src/internals/node-socket-peer.ts'
import { pair } from './sides.ts'

test('node 24: the address of the peer is a getter of the class, so an object may have it in another way', async t => {
  for (const name of ['remoteAddress', 'remotePort', 'remoteFamily']) {
    assert.ok(Object.getOwnPropertyDescriptor(Socket.prototype, name)?.get !== undefined, name)
  }
  const [near] = await pair(t)
  assert.equal(near.remoteAddress, '127.0.0.1')
  setPeer(near, { address: '2001:db8::1', port: 1234 })
  assert.deepEqual([near.remoteAddress, near.remotePort, near.remoteFamily], ['2001:db8::1', 1234, 'IPv6'])
})
