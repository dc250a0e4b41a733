import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { takeConnectionListener } from '../../src/internals/node-connection-listener.ts'
import { dial, listen } from './sides.ts'

test('node 24: a fresh HTTP server has one listener to connections, which reads a request whose bytes are back in the socket', async t => {
  const server = createServer((_request, response) => { response.end('text') })
  const accept = takeConnectionListener(server)
  assert.equal(server.listenerCount('connection'), 0)
  server.on('connection', (socket: Socket) => {
    socket.once('data', (bytes: Buffer) => {
      socket.pause()
      socket.unshift(bytes.subarray('header\r\n'.length))
      accept(socket)
      socket.resume()
    })
  })
  const client = await dial(t, await listen(t, server))
  client.write('header\r\nGET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  const [response] = await once(client, 'data') as [Buffer]
  assert.match(response.toString(), /^HTTP\/1\.1 200 OK\r\n/)
})

test('node 24: a server with further listeners is not fresh', () => {
  assert.throws(() => takeConnectionListener(createServer().on('connection', () => {})), /in another way/)
})
