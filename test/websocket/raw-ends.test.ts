/** Ends that no WebSocket library makes: half-closed connections, clients that leave during the handshake, peers that do not close. */

import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { acceptFor } from '../../src/http/websocket.ts'
import { startGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRawTarget } from '../helpers/target.ts'

const handshake = 'GET /chat HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
  'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n'

/** Accepts the request that a target has received. */
function accept (socket: Socket, request: Buffer): void {
  const [, key] = /sec-websocket-key: (\S+)/i.exec(String(request))!
  socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
    `Sec-WebSocket-Accept: ${acceptFor(key!)}\r\n\r\n`)
}

test('a client that ends its side still gets what the service sends until it ends too', async t => {
  const target = await startRawTarget(t, socket => {
    socket.once('data', request => {
      accept(socket, request)
      socket.on('data', () => {}).once('end', () => socket.end('\x88\x02\x03\xe8', 'latin1'))
    })
    socket.allowHalfOpen = true
  })
  const { url, logged } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  client.allowHalfOpen = true
  client.write(handshake)
  let received = String((await once(client, 'data'))[0])
  client.on('data', (chunk: Buffer) => { received += chunk.toString('latin1') })
  client.end('\x81\x81\0\0\0\0x', 'latin1')
  await once(client, 'close')
  assert.ok(received.endsWith('\x88\x02\x03\xe8'), received)
  const { websocket, bytesIn, bytesOut } = await logged(({ status }) => status === 101)
  assert.deepEqual(websocket, { closedBy: 'client', code: 1006, messagesIn: 1, messagesOut: 0 })
  assert.deepEqual([bytesIn, bytesOut], [7, 4])
})

test('a client that leaves before the service has decided ends the attempt, and its line says 499', async t => {
  const events = new EventEmitter()
  const target = await startRawTarget(t, socket => {
    socket.once('data', () => events.emit('asked'))
    socket.once('close', () => events.emit('left'))
  })
  const { url, logged } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  const [asked, left] = [once(events, 'asked'), once(events, 'left')]
  client.write(handshake)
  await asked
  client.destroy()
  await left
  assert.equal((await logged(({ code }) => code === 'client-closed'))['status'], 499)
})

test('a service that resets its connection cuts the client, and the gateway goes on', async t => {
  const target = await startRawTarget(t, socket => {
    socket.once('data', request => {
      accept(socket, request)
      setImmediate(() => socket.resetAndDestroy())
    })
  })
  const { url, gateway, logged } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  client.write(handshake)
  client.resume()
  await once(client, 'close')
  await logged(({ code }) => code === 'response-cut')
  assert.equal(gateway.tunnels, 0)
})

test('peers that do not respond to a close frame are cut when the time of the shutdown is over', async t => {
  const target = await startRawTarget(t, socket => { socket.once('data', request => accept(socket, request)) })
  const { url, gateway, logged } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  client.write(handshake)
  await once(client, 'data')
  const farewell = once(client, 'data') as Promise<[Buffer]>
  const closed = once(client, 'close')
  assert.equal(await gateway.close(100), 1)
  assert.equal((await farewell)[0].subarray(0, 4).toString('latin1'), '\x88\x0a\x03\xe9')
  await closed
  const line = await logged(({ status }) => status === 101)
  assert.deepEqual(line['websocket'], { closedBy: 'gateway', code: 1001, why: 'shutdown', messagesIn: 0, messagesOut: 0 })
})

test('a message that is under way at a shutdown is passed on to its end before the close frame', async t => {
  const events = new EventEmitter()
  let heard = ''
  const target = await startRawTarget(t, socket => {
    socket.once('data', request => {
      accept(socket, request)
      socket.on('data', chunk => {
        heard += chunk.toString('latin1')
        events.emit('heard')
        if (heard.includes('\x88')) socket.end('\x88\x02\x03\xe9', 'latin1')
      })
    })
  })
  const { url, gateway } = await startGateway(t, `routes: [{ path: /chat, target: '${target.url}' }]`)
  const client = await open(t, url)
  client.write(handshake)
  await once(client, 'data')
  const begun = once(events, 'heard')
  client.write('\x81\x84\0\0\0\0ab', 'latin1')
  await begun
  const farewell = once(client, 'data') as Promise<[Buffer]>
  const stopped = gateway.close(5000)
  assert.equal((await farewell)[0][0], 0x88)
  client.write('cd\x81\x81\0\0\0\0e\x88\x82\0\0\0\0\x03\xe9', 'latin1')
  assert.equal(await stopped, 0)
  assert.equal(heard, '\x81\x84\0\0\0\0abcd\x88\x82\0\0\0\0\x03\xe9')
})
