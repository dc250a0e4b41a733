import assert from 'node:assert/strict'
import { createServer, request, type IncomingMessage } from 'node:http'
import { once } from 'node:events'
import { test } from 'node:test'
import { connectInMemory } from '../../src/internals/node-memory-socket.ts'

/** Sends a body through an HTTP server that responds with one of `down` bytes, and returns the sizes that arrived. */
async function exchange (up: number, down: number): Promise<{ up: number, down: number, from: string | undefined }> {
  const { client, server: connection } = connectInMemory('10.1.2.3')
  let received = 0
  let from: string | undefined
  const server = createServer((incoming, response) => {
    from = incoming.socket.remoteAddress
    incoming.on('data', (chunk: Buffer) => { received += chunk.length })
    incoming.on('end', () => response.end(Buffer.alloc(down)))
  })
  server.emit('connection', connection)
  const outgoing = request({ method: 'POST', createConnection: () => client })
  outgoing.end(Buffer.alloc(up))
  const [response] = await once(outgoing, 'response') as [IncomingMessage]
  let sent = 0
  for await (const chunk of response) sent += (chunk as Buffer).length
  return { up: received, down: sent, from }
}

test('node 24: an HTTP server and a client work with sockets that have no handle, with backpressure in both directions', async () => {
  for (const [up, down] of [[0, 0], [100, 100], [3_000_000, 100], [100, 3_000_000], [3_000_000, 3_000_000]] as const) {
    assert.deepEqual(await exchange(up, down), { up, down, from: '10.1.2.3' })
  }
})

test('the memory of a write may be used again once it is written', async () => {
  const { client, server } = connectInMemory('127.0.0.1')
  const bytes = Buffer.from('before')
  const read = once(client, 'data') as Promise<[Buffer]>
  await new Promise<void>(resolve => { server.write(bytes, () => resolve()) })
  bytes.fill(0)
  assert.equal((await read)[0].toString(), 'before')
})

test('a side that is destroyed resets the other one, and a write to it fails', async () => {
  const { client, server } = connectInMemory('127.0.0.1')
  const failed = once(client, 'error') as Promise<[NodeJS.ErrnoException]>
  server.destroy()
  assert.equal((await failed)[0].code, 'ECONNRESET')

  const second = connectInMemory('127.0.0.1')
  second.server.on('error', () => {})
  second.server.destroy()
  second.client.write('x')
  const [error] = await once(second.client, 'error') as [NodeJS.ErrnoException]
  assert.equal(error.code, 'EPIPE')
})

test('it counts bytes, as sockets of the network do', async () => {
  const { client, server } = connectInMemory('127.0.0.1')
  const ended = once(server.resume(), 'end')
  client.end('12345')
  await ended
  assert.deepEqual([client.bytesWritten, server.bytesRead], [5, 5])
})
