import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fastify from 'fastify'
import { flushHeadersEarly } from '../../src/internals/fastify-stream-send.ts'

test('fastify 5.x: a stream is piped into the raw response after status and fields are set', async t => {
  const app = fastify()
  t.after(async () => { await app.close() })
  let seen: unknown
  app.get('/', (_request, reply) => {
    flushHeadersEarly(reply.raw)
    reply.raw.once('pipe', () => { seen = [reply.raw.headersSent, reply.raw.statusCode] })
    void reply.code(203).header('x-own', 'a').send(Readable.from(['text']))
  })
  const response = await app.inject('/')
  assert.deepEqual(seen, [true, 203])
  assert.deepEqual([response.statusCode, response.headers['x-own'], response.body], [203, 'a', 'text'])
})
