import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { test, type TestContext } from 'node:test'
import { upgradeResponse } from '../../src/internals/node-upgrade-response.ts'
import { dial, listen } from './sides.ts'

const request = 'GET / HTTP/1.1\r\nhost: a\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n'

/** A client that has asked for an upgrade, its response, and what happened to the response. */
async function upgraded (t: TestContext): Promise<{ client: Socket, socket: Socket, response: ServerResponse, events: string[] }> {
  const events: string[] = []
  const server = createServer()
  const asked = once(server, 'upgrade') as Promise<[IncomingMessage, Socket]>
  const client = await dial(t, await listen(t, server))
  client.write(request)
  const [message, socket] = await asked
  t.after(() => socket.destroy())
  const response = upgradeResponse(message, socket, () => events.push('done'))
  response.on('close', () => events.push('close'))
  return { client, socket, response, events }
}

test('node 24: a response is written to the socket of an upgrade, closes the connection, and emits close when it is complete', async t => {
  const { client, socket, response, events } = await upgraded(t)
  response.writeHead(403, { 'content-length': 2 }).end('no')
  await once(response, 'close')
  assert.deepEqual(events, ['done', 'close'])
  assert.ok(response.writableFinished && response.destroyed)
  socket.end()
  let received = ''
  for await (const bytes of client) received += String(bytes)
  assert.match(received, /^HTTP\/1\.1 403 Forbidden\r\ncontent-length: 2\r\n[^]*connection: close\r\n\r\nno$/i)
})

test('node 24: a response that is not ended emits close once, with its socket', async t => {
  const { client, socket, response, events } = await upgraded(t)
  response.writeHead(101, { connection: 'Upgrade', upgrade: 'websocket' }).flushHeaders()
  await once(client, 'data')
  client.destroy()
  socket.once('end', () => socket.end()).resume()
  await once(response, 'close')
  assert.deepEqual(events, ['close'])
})
