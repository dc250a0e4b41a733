/** Bare @fastify/reply-from: what it costs to proxy on Fastify with nothing else. */

import replyFrom from '@fastify/reply-from'
import fastify from 'fastify'

const app = fastify({ logger: false })
// Bodies pass as streams, as a proxy must.
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
await app.register(replyFrom, {
  base: process.env.TARGET,
  disableRequestLogging: true,
  undici: { connections: 256, pipelining: 1, keepAliveTimeout: 60_000, connect: { rejectUnauthorized: true } }
})
app.all('/*', (request, reply) => { reply.from(request.url) })
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 16384 })
