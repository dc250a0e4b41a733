/**
 * A client that leaves while a policy waits for something leaves nothing behind: no place at a target, no
 * slot of a limit, no request that is still sent.
 */

import assert from 'node:assert/strict'
import { generateKeyPairSync, scryptSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { suite, test, type TestContext } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open } from '../helpers/raw.ts'
import { startRedis } from '../helpers/redis.ts'
import { startService } from '../helpers/target.ts'

/** As cheap as a hash may be. */
const salt = Buffer.from('some salt').toString('base64url')
const hash = `scrypt:8192:1:1:${salt}:${scryptSync('secret', 'some salt', 32, { N: 8192, r: 1, p: 1 }).toString('base64url')}`

/** A policy of a user that waits for a service, in each of the hooks that may. */
const userPolicy = `export default async function (app, { url, hook }) {
  app.addHook(hook, async request => { await (await fetch(url)).text() })
}`

const big = 1024 * 1024

const issuer = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** A token of the issuer, signed by the key of this name. */
function tokenOf (kid: string): string {
  const text = [
    { alg: 'ES256', kid },
    { sub: 'ada', exp: Math.floor(Date.now() / 1000) + 3600 }
  ].map(part => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
  return `${text}.${sign('sha256', Buffer.from(text), { key: issuer.privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`
}

/** The service that policies ask: it responds at once, or when it is told to. `kid` is the name of the one key that it publishes. */
async function startGuard (t: TestContext): Promise<{
  readonly url: string, readonly held: ServerResponse[], hold: boolean, kid: string, release (): void
}> {
  const held: ServerResponse[] = []
  const guard = {
    url: '',
    held,
    hold: false,
    kid: 'key-0',
    release () { for (const response of held.splice(0)) answer(response) }
  }
  const answer = (response: ServerResponse): void => {
    response.setHeader(
      'content-type',
      'application/json'
    ).end(JSON.stringify({ active: true, sub: 'ada', keys: [{ ...issuer.publicKey.export({ format: 'jwk' }), kid: guard.kid }] }))
  }
  const { url } = await startService(t, (request, response) => {
    request.resume()
    if (guard.hold) held.push(response)
    else answer(response)
  })
  guard.url = url
  return guard
}

interface Policy {
  readonly options: string
  readonly headers?: string
  /** What the next request has beside them. */
  readonly next?: () => string
  /** Whether it waits for the guard, which can then be told when to respond. */
  readonly asks: boolean
  /** Whether it waits for the body. */
  readonly reads?: boolean
}

const policiesOf = (guard: string, redis: string, nextToken: () => string): Readonly<Record<string, Policy>> => ({
  'forward-auth': { options: `plugin: forward-auth, url: "${guard}/verify"`, asks: true },
  introspection: {
    options: `plugin: token-introspection, endpoint: "${guard}/introspect", client: { id: a, secret: b }, cache: { ttl: 0s, ` +
      'negativeTtl: 0s }',
    headers: 'authorization: Bearer abc\r\n',
    asks: true
  },
  jwks: { options: `plugin: jwt-auth, jwks: "${guard}/jwks"`, next: () => `authorization: Bearer ${nextToken()}\r\n`, asks: true },
  'basic-auth': {
    options: `plugin: basic-auth, users: { ada: "${hash}" }`,
    headers: `authorization: Basic ${Buffer.from('ada:secret').toString('base64')}\r\n`,
    asks: false
  },
  redis: {
    options: `plugin: rate-limiting, limit: 1000000/s, key: global, store: { redis: "${redis}", timeout: 5s, lease: 0s }`,
    asks: false
  },
  'body-validation': {
    options: 'plugin: body-validation, schema: {}, required: false',
    headers: 'content-type: application/json\r\n',
    asks: false,
    reads: true
  },
  onRequest: { options: `plugin: ./policy.mjs, url: "${guard}/", hook: onRequest`, asks: true },
  preHandler: { options: `plugin: ./policy.mjs, url: "${guard}/", hook: preHandler`, asks: true }
})

/** Nothing is under way any more, as the gateway itself says. */
async function assertIdle (gateway: TestGateway): Promise<void> {
  let state = ''
  for (let look = 0; look < 500; look++) {
    for (let tick = 0; tick < 10; tick++) await setImmediate()
    const metrics = (await send(gateway.admin, '/metrics')).text
    const upstreams = (await send(gateway.admin, '/upstreams')).text
    state = [
      ...metrics.match(/^gateway_(?:requests_in_flight|active_connections\S*) [1-9]\d*$/gm) ?? [],
      ...upstreams.match(/"(?:active|first|extra)":[1-9]\d*/g) ?? []
    ].join('\n')
    if (gateway.gateway.inFlight === 0 && state === '') return
  }
  assert.fail(state)
}

/** Two requests at once find both places of everything. */
async function assertFree (gateway: TestGateway, upstream: string): Promise<void> {
  const answers = await Promise.all([send(gateway.url, `/free/${upstream}`), send(gateway.url, `/free/${upstream}`)])
  assert.deepEqual(answers.map(({ status }) => status), [200, 200])
}

function leave (socket: Socket, abruptly: boolean): void {
  if (abruptly) socket.resetAndDestroy()
  else socket.destroy()
}

const payload = JSON.stringify('x'.repeat(1000))
const bodies = {
  GET: '',
  'POST streamed': `transfer-encoding: chunked\r\n\r\n${payload.length.toString(16)}\r\n${payload}\r\n0\r\n\r\n`,
  'POST with its length': `content-length: ${payload.length}\r\n\r\n${payload}`
}

suite('policies that wait', () => {
  test('a client may leave at any time', async t => {
    const guard = await startGuard(t)
    const redis = await startRedis(t)
    let ahead = 0
    let keys = 0
    const policies = policiesOf(guard.url, redis.url, () => {
      // Each token is signed by a new key, for which the gateway asks after its cool-down.
      ahead += 60_000
      return tokenOf(guard.kid = `key-${++keys}`)
    })
    let hits = 0
    const service = await startService(t, (request, response) => {
      hits++
      request.resume()
      if (request.url!.endsWith('/small')) response.end('small')
      else response.end(Buffer.alloc(big))
    })
    const names = Object.keys(policies)
    const gateway = await startGateway(t, `
upstreams:
  streamed: { targets: ["${service.url}"], connections: { max: 2, pending: 0 } }
  buffered: { targets: ["${service.url}"], connections: { max: 2, pending: 0 }, retry: { bufferBody: 1mb } }
policies:
  slots: { plugin: rate-limiting, algorithm: concurrency, limit: 2, key: global }
${names.map(name => `  ${name}: { ${policies[name]!.options} }`).join('\n')}
routes:
  - { path: /free/streamed, upstream: streamed, rewrite: /small, policies: [slots] }
  - { path: /free/buffered, upstream: buffered, rewrite: /small, policies: [slots] }
${names.flatMap(name => ['streamed', 'buffered'].map(upstream =>
  `  - { path: /${name}/${upstream}/*, upstream: ${upstream}, policies: [${name}, slots] }`)).join('\n')}
`, { files: { 'policy.mjs': userPolicy }, clock: { now: () => performance.now() + ahead, wall: () => Date.now() } })

    for (const [name, { headers = '', next = () => '', asks, reads = false }] of Object.entries(policies)) {
      for (const [kind, body] of Object.entries(bodies)) {
        for (const upstream of ['streamed', 'buffered']) {
          for (const size of ['small', 'big']) {
            for (const moment of ['before', 'during', 'after'] as const) {
              await t.test(`${name}, ${kind}, ${upstream}, ${size}: ${moment}`, async t => {
                const head = `${kind.split(' ')[0]} /${name}/${upstream}/${size} HTTP/1.1\r\nhost: a\r\n${headers}${next()}`
                const socket = await open(t, gateway.url)
                const closed = once(socket, 'close')
                const bytes = `${head}${body === '' ? '\r\n' : body}`
                const hitsBefore = hits
                guard.hold = moment === 'during' && asks
                if (moment === 'before') {
                  socket.write(bytes, () => leave(socket, size === 'small'))
                } else if (moment === 'during') {
                  if (name === 'redis') redis.freeze()
                  socket.write(reads && body !== '' ? bytes.slice(0, -600) : bytes)
                  // Where nothing says that the policy waits, the client leaves as soon as its request is there.
                  while (asks ? guard.held.length === 0 : gateway.gateway.inFlight === 0 && hits === hitsBefore && socket.bytesRead === 0) {
                    await setImmediate()
                  }
                  leave(socket, size === 'small')
                  if (asks) {
                    while (gateway.gateway.inFlight > 0) await setImmediate()
                    guard.release()
                    guard.hold = false
                  }
                  if (name === 'redis') redis.thaw()
                } else {
                  socket.write(bytes)
                  await once(socket, 'data')
                  leave(socket, size === 'small')
                }
                await closed
                await assertIdle(gateway)
                if (moment === 'during' && asks) assert.equal(hits, hitsBefore, 'nothing is sent for a client that has left')
              })
            }
          }
        }
      }
    }
    for (const upstream of ['streamed', 'buffered']) await assertFree(gateway, upstream)
    assert.deepEqual(gateway.logs.filter(({ level }) => level === 'error').map(({ msg, err }) => [msg, err]), [])
    // Only the client is to blame.
    assert.deepEqual(
      [...new Set(gateway.logs.filter(({ msg }) => msg === 'request completed').map(({ fault }) => fault))].filter(
        fault => fault !== undefined && fault !== 'client'
      ),
      []
    )
  })
})

test('a request that was pipelined behind another one is over when the connection closes', async t => {
  const guard = await startGuard(t)
  const service = await startService(t, request => { request.resume() })
  const gateway = await startGateway(t, `
upstreams: { back: { targets: ["${service.url}"], connections: { max: 2, pending: 0 } } }
policies: { asked: { plugin: forward-auth, url: "${guard.url}/verify" } }
routes:
  - { path: /first, upstream: back }
  - { path: /second, upstream: back, policies: [asked] }
`)
  guard.hold = true
  const socket = await open(t, gateway.url)
  socket.write('GET /first HTTP/1.1\r\nhost: a\r\n\r\nGET /second HTTP/1.1\r\nhost: a\r\n\r\nGET /first HTTP/1.1\r\nhost: a\r\n\r\n')
  while (guard.held.length === 0 || gateway.gateway.inFlight < 3) await setImmediate()
  socket.resetAndDestroy()
  while (gateway.gateway.inFlight > 0) await setImmediate()
  guard.release()
  await assertIdle(gateway)
})

test('what a plugin throws at the end of an exchange keeps nothing from being given back', async t => {
  const service = await startService(t, (_request, response) => { response.end('ok') })
  const gateway = await startGateway(t, `
policies:
  broken: { plugin: ./broken.mjs }
  slots: { plugin: rate-limiting, algorithm: concurrency, limit: 1, key: global }
routes: [{ path: /, target: "${service.url}", policies: [broken, slots] }]
`, {
    files: {
      'broken.mjs': `export default async app => {
        app.addHook("onRequest", async ({ exchange }) => { exchange.onClose(() => { throw new Error("broken") }) })
      }`
    }
  })
  for (let request = 0; request < 3; request++) assert.equal((await send(gateway.url, '/')).status, 200)
  const line = await gateway.logged(({ msg }) => msg === 'a plugin failed after the exchange')
  assert.match(JSON.stringify(line['err']), /broken/)
})

test('a plugin that responds after its client has left is not warned of', async t => {
  const guard = await startGuard(t)
  const gateway = await startGateway(t, `
policies: { slow: { plugin: ./slow.mjs, url: "${guard.url}" } }
routes: [{ path: /, respond: {}, policies: [slow] }]
`, {
    files: {
      'slow.mjs': `export default async (app, { url }) => {
        app.addHook("onRequest", async (request, reply) => {
          await (await fetch(url)).text()
          reply.code(403).send("no")
          return reply
        })
      }`
    }
  })
  guard.hold = true
  const socket = await open(t, gateway.url)
  socket.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n')
  while (guard.held.length === 0) await setImmediate()
  socket.destroy()
  while (gateway.gateway.inFlight > 0) await setImmediate()
  guard.hold = false
  guard.release()
  assert.equal((await send(gateway.url, '/')).status, 403)
  assert.deepEqual(gateway.logs.filter(({ level }) => level === 'warn' || level === 'error'), [])
})

test('the policies behind one that waits do not run for a client that has left', async t => {
  const guard = await startGuard(t)
  const gateway = await startGateway(t, `
policies: { slow: { plugin: ./slow.mjs, url: "${guard.url}" }, behind: { plugin: ./behind.mjs } }
routes: [{ path: /*, respond: {}, policies: [slow, behind] }]
`, { files: {
    'slow.mjs': 'export default async (app, { url }) => { app.addHook("onRequest", async () => { await (await fetch(url)).text() }) }',
    'behind.mjs': `export default async app => {
      app.addHook("onRequest", async request => { app.log.info({ seen: request.url }, "behind") })
    }`
  } })
  guard.hold = true
  const socket = await open(t, gateway.url)
  socket.write('GET /left HTTP/1.1\r\nhost: a\r\n\r\n')
  while (guard.held.length === 0) await setImmediate()
  socket.destroy()
  while (gateway.gateway.inFlight > 0) await setImmediate()
  guard.hold = false
  guard.release()
  assert.equal((await send(gateway.url, '/next')).status, 200)
  assert.deepEqual(gateway.logs.filter(({ msg }) => msg === 'behind').map(({ seen }) => seen), ['/next'])
})
