import assert from 'node:assert/strict'
import { test } from 'node:test'
import replyFrom from '@fastify/reply-from'
import fastify from 'fastify'
import type { HttpExchange } from '../../src/exchange/exchange.ts'
import { carry, replyFromClient } from '../../src/internals/reply-from-exchange.ts'

test('reply-from 12.x: an object with request is the client, and symbols of the headers reach it', async t => {
  const app = fastify()
  t.after(async () => { await app.close() })
  const exchange = {} as HttpExchange
  const received: unknown[] = []
  await app.register(replyFrom, {
    undici: replyFromClient((carried, callback) => {
      received.push(carried)
      callback(null, { statusCode: 203, headers: { 'x-own': 'a' }, body: [Buffer.from('text')], ownership: 'given', trailers: undefined })
    }),
    disableRequestLogging: true
  })
  app.get('/', (_request, reply) => {
    reply.from('/', {
      getUpstream: () => 'http://target.internal',
      rewriteRequestHeaders: () => carry({ exchange }),
      onResponse: (_request, _reply, response) => {
        received.push((response as unknown as { stream: unknown }).stream)
        void reply.send('sent')
      },
      retryDelay: () => null
    })
  })
  const response = await app.inject('/')
  assert.equal(received[0], exchange)
  assert.deepEqual(received[1], [Buffer.from('text')])
  assert.deepEqual([response.statusCode, response.headers['x-own'], response.body], [203, 'a', 'sent'])
})
