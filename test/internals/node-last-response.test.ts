import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { test } from 'node:test'
import { closeWhenWritten, onLastResponse } from '../../src/internals/node-last-response.ts'
import { dial, listen } from './sides.ts'

test('node 24: the HTTP server calls destroySoon of the socket after the last response on it, and only then', async t => {
  const ended: Socket[] = []
  const server = createServer((_request, response) => { response.end('text') })
  server.on('connection', (socket: Socket) => onLastResponse(socket, function () {
    ended.push(this)
    closeWhenWritten(this)
  }))
  const accepted = once(server, 'connection') as Promise<[Socket]>
  const client = await dial(t, await listen(t, server))
  const [socket] = await accepted
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(client, 'data')
  assert.deepEqual(ended, [])
  client.write('GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n')
  await once(client.resume(), 'close')
  assert.equal(ended[0], socket)
})
