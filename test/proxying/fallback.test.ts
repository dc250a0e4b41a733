/** Fallbacks: when another upstream serves a request, and when it does not. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { Socket } from 'node:net'
import type { Rehearsal } from '../../src/contract/rehearsal.ts'
import { begin, headOf, send, type Sending } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startCollector } from '../tracing/collector.ts'
import { answering, freePort, startRawTarget, startService, startTarget, type TestTarget } from '../helpers/target.ts'

/** An upstream `orders` with these keys, and its fallback `spare`. */
async function start (t: TestContext, orders: string, spare: TestTarget, rest = ''): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  orders: { fallback: spare, ${orders} }
  spare: { targets: ["${spare.url}"] }
routes: [{ path: /*, upstream: orders }]
${rest}`)
}

/** A target that ends each connection once it has a request; counts them. */
async function startBreaking (t: TestContext, end: (socket: Socket) => void): Promise<{
  readonly url: string, readonly met: () => number
}> {
  let met = 0
  const { url } = await startRawTarget(t, socket => {
    socket.once('data', () => {
      met++
      end(socket)
    })
  })
  return { url, met: () => met }
}

/** Bodies: none, one that is there whole at once, and one in chunks, of which a part may have gone. */
const bodies: Readonly<Record<string, Sending>> = {
  none: {},
  whole: { body: 'some' },
  chunked: { body: 'some', headers: { 'transfer-encoding': 'chunked' } }
}

interface Case {
  readonly why: string
  /** Keys of the upstream, given a target that breaks. */
  readonly keys: (t: TestContext) => Promise<string>
  /** Which of `METHOD body` go to the fallback; all others get this status. */
  readonly goes: (method: string, body: string) => boolean
  readonly status: number
  readonly first: string | undefined
}

const breaking = (
  end: (socket: Socket) => void,
  keys = ''
) => async (t: TestContext): Promise<string> => `targets: ["${(await startBreaking(t, end)).url}"], ${keys} retry: { attempts: 1 }`
const always = (): boolean => true
const ifRepeatable = (method: string, body: string): boolean => method !== 'POST' && body !== 'chunked'

const cases: readonly Case[] = [
  { why: 'weight 0', keys: async () => 'targets: [{ url: "http://127.0.0.1:9", weight: 0 }]', goes: always, status: 503, first: undefined },
  {
    why: 'connection refused',
    keys: async () => `targets: ["http://127.0.0.1:${await freePort()}"]`,
    goes: always,
    status: 502,
    first: 'connection-refused'
  },
  {
    why: 'a handshake that fails',
    keys: async t => `targets: ["${(await startTarget(t)).url.replace('http', 'https')}"]`,
    goes: always,
    status: 502,
    first: 'tls-error'
  },
  {
    why: 'reset after the request',
    keys: breaking(socket => socket.resetAndDestroy()),
    goes: ifRepeatable,
    status: 502,
    first: 'connection-terminated'
  },
  {
    why: 'no response in time',
    keys: breaking(() => {}, 'timeouts: { response: 50ms },'),
    goes: ifRepeatable,
    status: 504,
    first: 'response-timeout'
  },
  {
    why: 'bytes that are no response',
    keys: breaking(socket => socket.end('BANANA\r\n\r\n')),
    goes: ifRepeatable,
    status: 502,
    first: 'malformed-response'
  },
  {
    why: 'the time for all attempts',
    keys: breaking(() => {}, 'timeouts: { total: 50ms },'),
    goes: () => false,
    status: 504,
    first: undefined
  },
  {
    why: 'the time for the exchange',
    keys: breaking(() => {}, 'timeouts: { exchange: 50ms },'),
    goes: () => false,
    status: 504,
    first: undefined
  },
  {
    why: 'a 503',
    keys: breaking(socket => socket.end('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n')),
    goes: () => false,
    status: 503,
    first: undefined
  },
  {
    why: 'a 503 that is named',
    keys: async t => {
      const targets = await breaking(socket => socket.end('HTTP/1.1 503 Busy\r\ncontent-length: 0\r\n\r\n'))(t)
      return `${targets}, fallback: { upstream: spare, on: [503] }`
    },
    goes: ifRepeatable,
    status: 503,
    first: undefined
  },
  {
    why: 'a 500 that is not named',
    keys: async t => {
      const targets = await breaking(socket => socket.end('HTTP/1.1 500 Oh\r\ncontent-length: 0\r\n\r\n'))(t)
      return `${targets}, fallback: { upstream: spare, on: [503] }`
    },
    goes: () => false,
    status: 500,
    first: undefined
  }
]

for (const { why, keys, goes, status, first } of cases) {
  test(`${why}: which methods and bodies go to the fallback`, async t => {
    const spare = await startTarget(t)
    const own = await keys(t)
    const { url, logged } = await startGateway(t, `
upstreams:
  orders: { ${own.includes('fallback:') ? '' : 'fallback: spare, '}${own} }
  spare: { targets: ["${spare.url}"] }
routes: [{ path: /*, upstream: orders }]
`)
    for (const method of ['GET', 'PUT', 'POST']) {
      for (const [body, sending] of Object.entries(bodies)) {
        if (method === 'GET' && body !== 'none') continue
        const name = `${method} ${body}`
        const path = `/${method}-${body}`
        const answer = await send(url, path, { method, ...sending })
        const line = await logged(entry => entry['path'] === path)
        const hits = spare.hits.filter(hit => hit.url === path)
        if (!goes(method, body)) {
          assert.deepEqual([name, answer.status, hits.length, line['upstream']], [name, status, 0, 'orders'])
          continue
        }
        assert.deepEqual([name, answer.status, line['upstream'], line['target'], line['code']], [name, 200, 'spare', spare.url, undefined])
        assert.deepEqual(hits.map(hit => hit.body.toString()), [sending.body ?? ''])
        const tries = line['tries'] as { kind: string, reason?: string }[]
        assert.equal(tries.at(-1)!.kind, 'fallback')
        if (first !== undefined && tries.length > 1) assert.equal(tries[0]!.reason, first)
      }
    }
  })
}

test('an upload of which a part has gone is lost, and is not repeated', async t => {
  const spare = await startTarget(t)
  const orders = await startService(t, request => request.once('data', () => request.socket.resetAndDestroy()))
  const { url } = await start(t, `targets: ["${orders.url}"]`, spare)
  const outgoing = begin(url, '/', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })
  outgoing.write(Buffer.alloc(32 * 1024))
  assert.equal((await headOf(outgoing)).statusCode, 502)
  assert.equal(spare.hits.length, 0)
})

test('a response that has begun is never repeated', async t => {
  const spare = await startTarget(t)
  const orders = await startRawTarget(t, answering('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'))
  const { url } = await start(t, `targets: ["${orders.url}"]`, spare)
  assert.notEqual((await send(url, '/').catch(() => ({ status: 0 }))).status, 0)
  assert.equal(spare.hits.length, 0)
})

test('a POST that has not reached its target goes to the fallback, also where it is the first to find that out', async t => {
  const spare = await startTarget(t)
  const { url } = await start(t, `targets: ["http://127.0.0.1:${await freePort()}"], retry: { attempts: 1 }`, spare)
  assert.equal((await send(url, '/', { method: 'POST', body: 'some' })).status, 200)
  assert.equal(spare.hits.length, 1)
})

test('a response that the fallback replaces is a failure of its target from 500 on, and none below', async t => {
  const spare = await startTarget(t)
  for (const [status, outcome] of [[404, 'success'], [503, 'failure']] as const) {
    const target = await startTarget(t, (_request, response) => response.writeHead(status).end())
    const { url, admin } = await startGateway(t, `
upstreams:
  orders: { targets: ["${target.url}"], fallback: { upstream: spare, on: [${status}] }, retry: { attempts: 1 } }
  spare: { targets: ["${spare.url}"] }
routes: [{ path: /*, upstream: orders }]
`)
    assert.equal((await send(url, '/')).status, 200)
    assert.match(
      (await send(admin, '/metrics')).text,
      new RegExp(`^gateway_upstream_attempts_total\\{upstream="orders",target="${target.url}",outcome="${outcome}",.*\\} 1$`, 'm')
    )
  }
})

test('no fallback is asked while another target may still have a good response, nor when the time for all attempts is over', async t => {
  const spare = await startTarget(t)
  let ahead = 0
  const arrived = Promise.withResolvers<void>()
  const bad = await startTarget(t, (request, response) => {
    if (request.url === '/late') ahead = 60_000
    if (request.url === '/late') response.writeHead(503).end('bad')
    else void arrived.promise.then(() => response.writeHead(503).end('bad'))
  })
  const good = await startTarget(t, (_request, response) => {
    arrived.resolve()
    void settled().then(() => response.end('good'))
  })
  const gateway = await startGateway(t, `
upstreams:
  orders: { targets: ["${bad.url}", "${good.url}"], balance: round-robin, fallback: { upstream: spare, on: [503] },
    retry: { hedge: { after: 10ms } } }
  alone: { targets: ["${bad.url}"], fallback: { upstream: spare, on: [503] }, timeouts: { total: 30s }, retry: { attempts: 1 } }
  spare: { targets: ["${spare.url}"] }
routes: [{ path: /, upstream: orders }, { path: /late, upstream: alone }]
`, { clock: { now: () => performance.now() + ahead, wall: () => Date.now() } })
  /** The bad response has been heard. */
  async function settled (): Promise<void> {
    for (;;) {
      const [orders] = await (await fetch(`${gateway.admin}/upstreams`)).json() as { targets: { active: number }[] }[]
      if (orders!.targets[0]!.active === 0) return
    }
  }
  assert.equal((await send(gateway.url, '/')).text, 'good')
  assert.deepEqual([bad.hits.length, good.hits.length, spare.hits.length], [1, 1, 0])
  const late = await send(gateway.url, '/late')
  assert.deepEqual([late.status, late.text, spare.hits.length], [503, 'bad', 0])
})

test('a fallback asks a second target of its own where its first is silent', async t => {
  const slow = await startTarget(t, () => {})
  const quick = await startTarget(t, (_request, response) => response.end('quick'))
  const { url, logged } = await startGateway(t, `
upstreams:
  orders: { targets: ["http://127.0.0.1:${await freePort()}"], fallback: spare, retry: { attempts: 1 } }
  spare: { targets: ["${slow.url}", "${quick.url}"], balance: round-robin, retry: { hedge: { after: 20ms } } }
routes: [{ path: /*, upstream: orders }]
`)
  assert.equal((await send(url, '/')).text, 'quick')
  const { tries } = await logged(({ msg }) => msg === 'request completed') as unknown as { tries: { kind: string }[] }
  assert.deepEqual(tries.map(({ kind }) => kind), ['first', 'fallback', 'hedge'])
})

test('a client that has gone is not followed', async t => {
  const spare = await startTarget(t)
  const met = Promise.withResolvers<Socket>()
  const orders = await startRawTarget(t, socket => socket.once('data', () => met.resolve(socket)))
  const { url, logged } = await start(t, `targets: ["${orders.url}"]`, spare)
  const outgoing = begin(url, '/').end()
  const socket = await met.promise
  outgoing.destroy()
  assert.equal((await logged(entry => entry['path'] === '/'))['code'], 'client-closed')
  socket.destroy()
  assert.equal(spare.hits.length, 0)
})

test('settings of an upstream are those of the one that responds; rules of the route hold for both', async t => {
  const spare = await startTarget(t, (request, response) => {
    response.writeHead(201, { location: 'http://static.internal/base/made/1', 'set-cookie': 'a=b; Domain=static.internal' })
    response.end(JSON.stringify(request.headers))
  })
  const { url } = await startGateway(t, `
upstreams:
  orders: { targets: ["http://127.0.0.1:${await freePort()}"], host: client, timeouts: { header: x-left }, fallback: spare }
  spare: { targets: ["${spare.url}/base"], host: static.internal, forwarded: true, sticky: { secret: 0123456789abcdef0123456789abcdef } }
routes:
  - path: /api/*
    upstream: orders
    stripPrefix: /api
    requestHeaders: { set: { x-stamp: gateway }, remove: [x-inner] }
`)
  const answer = await send(url, '/api/new', { headers: { host: 'shop.example', 'x-inner': '1', 'x-left': 'kept' } })
  const [hit] = spare.hits
  assert.deepEqual(
    [
      hit!.url,
      hit!.headers.host,
      hit!.headers['x-stamp'],
      hit!.headers['x-inner'],
      hit!.headers['x-left'],
      hit!.headers['forwarded']?.includes('shop.example')
    ],
    ['/base/new', 'static.internal', 'gateway', undefined, 'kept', true]
  )
  assert.deepEqual([answer.status, answer.headers.location], [201, '/api/made/1'])
  assert.ok(answer.headers['set-cookie']!.includes('a=b'))
  assert.ok(answer.headers['set-cookie']!.some(cookie => cookie.startsWith('sticky-spare=')), String(answer.headers['set-cookie']))
})

/** What a rehearsal says of a GET now, and what then becomes of one: `upstream target code`. */
async function rehearsedAndReal ({ admin, url, logged }: TestGateway, path: string): Promise<{
  readonly rehearsed: string, readonly real: string, readonly why: string[]
}> {
  const { outcome, decisions } = await (await fetch(`${admin}/explain?method=GET&url=${path}`)).json() as Rehearsal
  await send(url, path)
  const line = await logged(entry => entry['path'] === path)
  const last = line['code'] === 'no-target' ? undefined : line['target']
  return {
    rehearsed: [outcome.upstream, outcome.target, outcome.code].join(' '),
    real: [line['upstream'], last, line['code']].join(' '),
    why: decisions.map(({ verdict, why }) => `${verdict}: ${why}`)
  }
}

test('S2-076 S2-097 explain decides as the gateway does: breaker, health, unreachable target, chain, closed circle', async t => {
  const [orders, spare, last] = [
    await startTarget(t, (_request, response) => { response.writeHead(500).end() }),
    await startTarget(t, (request, response) => { response.writeHead(request.url === '/broken' ? 500 : 200).end() }),
    await startTarget(t)
  ]
  const sick = await startTarget(t, (_request, response) => { response.writeHead(503).end() })
  const dead = `http://127.0.0.1:${await freePort()}`
  const gateway = await startGateway(t, `
upstreams:
  broken: { targets: ["${orders.url}"], circuitBreaker: { failures: 1, openFor: 1h }, fallback: spare }
  spare: { targets: ["${spare.url}"], circuitBreaker: { failures: 1, openFor: 1h }, fallback: last }
  last: { targets: ["${last.url}"] }
  sick: { targets: ["${sick.url}"], healthChecks: { active: { path: /, unhealthyAfter: 1, interval: 1h } }, fallback: last }
  dead: { targets: ["${dead}"], fallback: last }
  closed: { targets: [{ url: "${last.url}", weight: 0 }], fallback: closed-too }
  closed-too: { targets: [{ url: "${spare.url}", weight: 0 }] }
routes:
  - { path: /broken/*, upstream: broken }
  - { path: /spare/*, upstream: spare }
  - { path: /sick/*, upstream: sick }
  - { path: /dead/*, upstream: dead }
  - { path: /closed/*, upstream: closed }
  - { path: /split/*, split: [{ upstream: broken, weight: 1 }, { upstream: closed, weight: 0 }] }
`)
  const { url, logged } = gateway
  assert.equal((await send(url, '/broken/first')).status, 500)
  assert.equal((await send(url, '/dead/first')).status, 200)
  await logged(line => line['msg'] === 'target unhealthy')

  const cases: readonly (readonly [path: string, outcome: string, why: RegExp])[] = [
    ['/broken/1', `spare ${spare.url} `, /^closed: .* is open .*\nfallback: spare in place of broken \(no-target\)\nselected: /],
    ['/split/1', `spare ${spare.url} `, /^split: .*\nclosed: .*\nfallback: spare in place of broken \(no-target\)\nselected: /],
    ['/sick/1', `last ${last.url} `, /^closed: .* is unhealthy .*\nfallback: last in place of sick \(no-target\)\nselected: /],
    ['/dead/1', `last ${last.url} `, /^closed: .* is unreachable .*\nfallback: last in place of dead \(no-target\)\nselected: /],
    ['/closed/1', 'closed  no-target', /^drained: .*\nfallback: closed-too in place of closed \(no-target\)\ndrained: /]
  ]
  for (const [path, outcome, expected] of cases) {
    const { rehearsed, real, why } = await rehearsedAndReal(gateway, path)
    assert.deepEqual([rehearsed, real], [outcome, outcome])
    assert.match(why.join('\n'), expected)
  }
  assert.equal(sick.hits.filter(hit => hit.url !== '/').length, 0)

  // A fallback has one itself, and its breaker hears of its own attempts only.
  assert.equal((await send(url, '/spare/x')).status, 200)
  assert.equal((await send(url, '/broken')).status, 500)
  const further = await rehearsedAndReal(gateway, '/broken/2')
  assert.deepEqual([further.rehearsed, further.real], Array(2).fill(`last ${last.url} `))
  assert.match(further.why.join('\n'), /fallback: spare in place of broken .*\nclosed: .*\nfallback: last in place of broken .*\nselected/)
})

test('where the fallback refuses too, targets that fail open are asked after all', async t => {
  const sick = await startTarget(t, (request, response) => { response.writeHead(request.url === '/up' ? 503 : 200).end() })
  const gateway = await startGateway(t, `
upstreams:
  sick: { targets: ["${sick.url}"], healthChecks: { active: { path: /up, unhealthyAfter: 1, interval: 1h } }, fallback: closed }
  closed: { targets: [{ url: "${sick.url}", weight: 0 }] }
routes: [{ path: /*, upstream: sick }]
`)
  await gateway.logged(line => line['msg'] === 'target unhealthy')
  const { rehearsed, real, why } = await rehearsedAndReal(gateway, '/1')
  assert.deepEqual([rehearsed, real], Array(2).fill(`sick ${sick.url} `))
  assert.match(why.join('\n'), /fallback: closed .*\ndrained: .*\n(?:closed: .*\n)?fail-open: .*\nselected: /)
})

test('what adaptive concurrency refuses goes to the fallback', async t => {
  const waiting = Promise.withResolvers<() => void>()
  const orders = await startTarget(t, (_request, response) => waiting.resolve(() => response.end()))
  const spare = await startTarget(t)
  const gateway = await start(
    t,
    `targets: ["${orders.url}"], adaptiveConcurrency: { initial: 1, min: 1, max: 1, shares: { normal: 0 } }`,
    spare
  )
  const first = send(gateway.url, '/first')
  const finish = await waiting.promise
  const { rehearsed, real, why } = await rehearsedAndReal(gateway, '/second')
  assert.deepEqual([rehearsed, real], Array(2).fill(`spare ${spare.url} `))
  assert.match(why.join('\n'), /^refused: .* 1 of 1 places of orders taken\nfallback: spare in place of orders \(overloaded\)\nselected: /)
  finish()
  assert.equal((await first).status, 200)
})

test('what an admission of a plugin refuses goes to the fallback, unless the request is at fault', async t => {
  const [orders, spare] = [await startTarget(t), await startTarget(t)]
  const { url } = await startGateway(t, `
upstreams:
  orders: { targets: ["${orders.url}"], fallback: spare }
  spare: { targets: ["${spare.url}"] }
plugins: [{ plugin: ./gatekeeper.ts }]
routes: [{ path: /*, upstream: orders }]
`, { files: { 'gatekeeper.ts': `
import { GatewayError, type FastifyInstance, type ReasonCode } from '${new URL('../../src/index.ts', import.meta.url).href}'
export default Object.assign(async (app: FastifyInstance) => {
  const admit = ({ path }: { readonly path: string }): GatewayError | undefined =>
    path === '/fine' ? undefined : new GatewayError(path.slice(1) as ReasonCode)
  app.gateway.upstreams.get('orders')!.addAdmission(admit)
}, { [Symbol.for('skip-override')]: true })
` } })
  const statuses = []
  for (const path of ['/fine', '/overloaded', '/no-target', '/rate-limited', '/forbidden']) statuses.push((await send(url, path)).status)
  assert.deepEqual(statuses, [200, 200, 200, 429, 403])
  assert.deepEqual([orders.hits.map(hit => hit.url), spare.hits.map(hit => hit.url)], [['/fine'], ['/overloaded', '/no-target']])
})

test('the trace shows which upstream served, and what was tried before', async t => {
  const [collector, spare] = [await startCollector(t), await startTarget(t)]
  const { url } = await start(
    t,
    `targets: ["http://127.0.0.1:${await freePort()}"]`,
    spare,
    `tracing: { endpoint: "${collector.address}", sample: 1, batch: { delay: 10ms } }`
  )
  await send(url, '/')
  const [served, first, second] = await collector.received(3)
  assert.equal(served!.attributes['onedoor.upstream'], 'spare')
  assert.deepEqual(
    served!.events.map(({ name, attributes }) => [name, attributes['onedoor.reason'], attributes['onedoor.target']]),
    [['fallback', 'connection-refused', spare.url]]
  )
  assert.deepEqual([first, second].map(span => span!.attributes['onedoor.attempt']), ['first', 'fallback'])
})

for (const [key, code] of [['total', 'total-timeout'], ['exchange', 'exchange-timeout']] as const) {
  test(`the fallback gets what is left of timeouts.${key}`, async t => {
    const [orders, spare] = [await startBreaking(t, socket => socket.destroy()), await startTarget(t, () => {})]
    const { url, logged } = await start(t, `targets: ["${orders.url}"], timeouts: { ${key}: 150ms }, retry: { attempts: 1 }`, spare)
    assert.equal((await send(url, '/')).status, 504)
    const line = await logged(entry => entry['path'] === '/')
    assert.deepEqual([line['upstream'], line['code'], spare.hits.length, line['attempts']], ['spare', code, 1, 2])
  })
}

test('an outage of both costs the attempts of each, counted and told where they were made', async t => {
  const [orders, spare] = [await startBreaking(t, socket => socket.destroy()), await startBreaking(t, socket => socket.destroy())]
  const { url, admin, logged } = await startGateway(t, `
upstreams:
  orders: { targets: ["${orders.url}"], circuitBreaker: { failures: 50 }, retry: { attempts: 3, backoff: { base: 1ms } }, fallback: spare }
  spare: { targets: ["${spare.url}"], retry: { attempts: 2, backoff: { base: 1ms } } }
routes: [{ path: /*, name: all, upstream: orders }]
`)
  assert.equal((await send(url, '/both')).status, 502)
  assert.deepEqual([orders.met(), spare.met()], [3, 2])
  const line = await logged(entry => entry['path'] === '/both')
  assert.deepEqual((line['tries'] as { kind: string }[]).map(({ kind }) => kind), ['first', 'retry', 'retry', 'fallback', 'retry'])
  assert.deepEqual([line['upstream'], line['code'], line['attempts']], ['spare', 'connection-terminated', 5])

  const metrics = await (await fetch(`${admin}/metrics`)).text()
  const series = [
    'gateway_retries_total{upstream="orders",kind="retry"} 2',
    'gateway_retries_total{upstream="spare",kind="fallback"} 1',
    'gateway_retries_total{upstream="spare",kind="retry"} 1',
    'gateway_requests_total{method="GET",path="/*",route="all",service="spare",status="502"} 1'
  ]
  assert.deepEqual(series.filter(text => !metrics.split('\n').includes(text)), [])
  const shown = await (await fetch(`${admin}/upstreams`)).json() as {
    name: string,
    fallback?: string,
    retries: { first: number, extra: number }
  }[]
  assert.deepEqual(
    shown.map(({ name, fallback, retries }) => [name, fallback, retries.first, retries.extra]),
    [['orders', 'spare', 0, 0], ['spare', undefined, 0, 0]]
  )
})

test('a body that the fallback wants whole is read whole, so that it can be sent again', async t => {
  const spare = await startTarget(t, (request, response, { body }) => {
    if (spare.hits.length === 1) request.socket.destroy()
    else response.end(String(body.length))
  })
  const { url } = await startGateway(t, `
upstreams:
  orders: { targets: [{ url: "${spare.url}", weight: 0 }], fallback: spare }
  spare: { targets: ["${spare.url}"], retry: { bufferBody: 1mib } }
routes: [{ path: /*, upstream: orders }]
`)
  assert.equal((await send(url, '/', { method: 'PUT', body: Buffer.alloc(300_000) })).text, '300000')
})

test('names that lead nowhere and circles are refused, each once and with its place', async t => {
  const problems = await startGateway(t, `upstreams:
  a: { targets: ["http://127.0.0.1:1"], fallback: b }
  b: { targets: ["http://127.0.0.1:1"], fallback: { upstream: a } }
  c: { targets: ["http://127.0.0.1:1"], fallback: c }
  d: { targets: ["http://127.0.0.1:1"], fallback: a }
  spare: { targets: ["http://127.0.0.1:1"], fallback: { upstream: spar, on: [200] } }
  f: { targets: ["http://127.0.0.1:1"], fallback: [a] }
routes: [{ path: /, upstream: d }]`).then(() => '', (error: Error) => error.message)
  assert.match(problems, /"a" is its own fallback: a → b → a\n/)
  assert.match(problems, /"c" is its own fallback: c → c\n/)
  assert.equal(problems.match(/its own fallback/g)!.length, 2)
  assert.match(problems, /gateway\.yaml:8:67 +unknown upstream "spar" — did you mean "spare"\?/)
  assert.match(problems, /the name of an upstream, or a mapping with `upstream`/)
  assert.match(problems, /gateway\.yaml:6:51 .*c → c/)
})
