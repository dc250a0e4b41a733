import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import { passDrain } from '../../src/internals/node-tunnel-drain.ts'
import { dial, listen } from './sides.ts'

test('node 24: after CONNECT no response hears drain of its socket, and goes on when it emits drain itself', async t => {
  const size = 16 * 1024 * 1024
  let pending: ServerResponse | undefined
  const server = createServer((_request, response) => {
    pending = response
    Readable.from(Array.from({ length: 256 }, () => Buffer.alloc(size / 256))).pipe(response)
  })
  server.on('connect', (_request, socket: Socket) => {
    assert.equal(socket.listenerCount('drain'), 0)
    passDrain(socket, () => pending)
    pending!.once('finish', () => socket.end())
  })
  const client = await dial(t, await listen(t, server))
  let received = 0
  client.write('GET / HTTP/1.0\r\nconnection: keep-alive\r\nhost: a\r\n\r\n')
  await once(client, 'readable')
  client.write('CONNECT b:1 HTTP/1.1\r\nhost: b:1\r\n\r\n')
  await once(server, 'connect')
  client.on('data', (bytes: Buffer) => { received += bytes.length })
  await once(client, 'end')
  assert.ok(received > size, String(received))
})
