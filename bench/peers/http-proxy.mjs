/** @fastify/http-proxy. */

import httpProxy from '@fastify/http-proxy'
import fastify from 'fastify'

const app = fastify({ logger: false })
await app.register(httpProxy, {
  upstream: process.env.TARGET,
  disableRequestLogging: true,
  undici: { connections: 256, pipelining: 1, keepAliveTimeout: 60_000 }
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 16384 })
