/** The features of a gateway from the packages that one would take for them: the same ones as our configuration `onedoor-all-on` has. */

import { randomBytes, randomUUID } from 'node:crypto'
import jwt from '@fastify/jwt'
import rateLimit from '@fastify/rate-limit'
import replyFrom from '@fastify/reply-from'
import fastify from 'fastify'
import metrics from 'fastify-metrics'
import CircuitBreaker from 'opossum'
import pino from 'pino'
import { request as ask } from 'undici'

const instrumented = process.execArgv.some(argument => argument.includes('opentelemetry'))
const log = pino({ base: undefined }, pino.destination({ dest: process.env.ACCESS_LOG, sync: false, minLength: 4096 }))

/** Three requests of four go to the first target. */
const first = target(process.env.TARGET)
const second = target(process.env.SECOND_TARGET)
const turns = [first, first, second, first]
let turn = 0

const app = fastify({ logger: false, genReqId: request => request.headers['x-request-id'] ?? randomUUID() })
app.removeAllContentTypeParsers()
app.addContentTypeParser('*', (_request, payload, done) => done(null, payload))
await app.register(metrics.default ?? metrics, { endpoint: '/metrics' })
await app.register(jwt, { secret: process.env.SECRET, verify: { algorithms: ['HS256'], cache: true } })
await app.register(rateLimit, { max: 1_000_000, timeWindow: 1000 })
await app.register(replyFrom, { disableRequestLogging: true, undici: { connections: 256, pipelining: 1, keepAliveTimeout: 60_000 } })

app.addHook('onRequest', async (request, reply) => {
  reply.header('x-request-id', request.id)
})
app.addHook('onResponse', async (request, reply) => {
  log.info({
    requestId: request.id, method: request.method, path: request.url, route: request.routeOptions.url, status: reply.statusCode,
    durationMs: reply.elapsedTime, target: request.target?.url, clientIp: request.ip, sub: request.user?.sub
  }, 'request completed')
})

app.all('/api/*', {
  onRequest: async request => { await request.jwtVerify() }
}, async (request, reply) => {
  const chosen = next()
  request.target = chosen
  await chosen.breaker.fire(request, reply).catch(() => {
    if (!reply.sent) reply.code(503).send({ error: 'unavailable' })
  })
  return reply
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT), backlog: 16384 })
setInterval(() => { void probe() }, 5000)
await probe()

function target (url) {
  const one = { url, healthy: true, failures: 0, breaker: undefined }
  one.breaker = new CircuitBreaker(
    (request, reply) => forward(one, request, reply),
    { timeout: 30_000, errorThresholdPercentage: 50, resetTimeout: 30_000 }
  )
  return one
}

/** The one whose turn it is, unless it is sick. */
function next () {
  for (let tries = 0; tries < turns.length; tries++) {
    turn = (turn + 1) % turns.length
    if (turns[turn].healthy) return turns[turn]
  }
  return turns[turn]
}

/** Settles as the answer of the target says, so that the breaker learns of it. */
function forward (chosen, request, reply) {
  return new Promise((resolve, reject) => {
    reply.from(chosen.url + request.url, {
      retryDelay: () => null,
      rewriteRequestHeaders: (_request, headers) => instrumented
        ? { ...headers, 'x-request-id': request.id }
        : { ...headers, 'x-request-id': request.id, traceparent: headers.traceparent ?? begunTrace() },
      onResponse (_request, _reply, response) {
        chosen.failures = response.statusCode >= 500 ? chosen.failures + 1 : 0
        reply.send(response.stream)
        if (response.statusCode >= 500) reject(new Error(`answered ${response.statusCode}`))
        else resolve()
      },
      onError (_reply, { error }) {
        chosen.failures++
        reject(error)
      }
    })
  })
}

function begunTrace () {
  const ids = randomBytes(24).toString('hex')
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-00`
}

async function probe () {
  for (const each of [first, second]) {
    const passed = await ask(`${each.url}/health`).then(async response => {
      await response.body.dump()
      return response.statusCode === 200
    }, () => false)
    // Passive health: ten failures in a row take it out until a probe has passed.
    each.healthy = passed && each.failures < 10
    if (passed) each.failures = 0
  }
}
