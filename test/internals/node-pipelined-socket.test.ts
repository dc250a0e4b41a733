import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { test } from 'node:test'
import { destroyConnection } from '../../src/internals/node-pipelined-socket.ts'
import { dial, listen } from './sides.ts'

test('node 24: a pipelined response has no socket before it is its turn, and emits socket when it gets one', async t => {
  const responses: ServerResponse[] = []
  const server = createServer((_request, response) => {
    responses.push(response)
    if (responses.length < 2) return
    assert.equal(response.socket, null)
    destroyConnection(response)
    responses[0]!.end('first')
  })
  const client = await dial(t, await listen(t, server))
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(2))
  client.resume()
  await once(client, 'close')
  assert.equal(responses[1]!.headersSent, false)
})

test('node 24: a response whose turn it is has its socket', async t => {
  const server = createServer((_request, response) => destroyConnection(response))
  const client = await dial(t, await listen(t, server))
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  await once(client.resume(), 'close')
})
