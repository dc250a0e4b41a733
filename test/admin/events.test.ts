/** Events over the admin listener: as a list and as a stream. */

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { test, type TestContext } from 'node:test'
import type { GatewayEvent } from '../../src/contract/events.ts'
import { EventStreams } from '../../plugins/core/admin/event-streams.ts'
import { begin, headOf, send } from '../helpers/client.ts'
import { readEventStream } from '../helpers/event-stream.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const plain = 'routes: [{ path: /, respond: {} }]'

async function list (admin: string, query = ''): Promise<GatewayEvent[]> {
  return await (await fetch(`${admin}/events${query}`)).json() as GatewayEvent[]
}

const types = (events: readonly GatewayEvent[]): string[] => events.map(({ type }) => type)

/** A client that reads the stream: its head, and what has come so far. */
interface Reader {
  readonly head: IncomingMessage
  /** Resolves with all events so far, when one of them fits. */
  readonly until: (fits: (event: GatewayEvent) => boolean) => Promise<GatewayEvent[]>
  readonly text: () => string
  readonly ended: Promise<void>
}

async function read (t: TestContext, admin: string, query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const { head, text, more, ended } = await readEventStream(t, admin, `/events${query}`, headers)
  const events = (): GatewayEvent[] => [...text().matchAll(/^id: (\d+)\ndata: (.+)\n\n/gm)].map(([, id, data]) => {
    const event = JSON.parse(data!) as GatewayEvent
    assert.equal(String(event.number), id)
    return event
  })
  const until: Reader['until'] = async fits => {
    while (!events().some(fits)) await more()
    return events()
  }
  return { head, until, text, ended }
}

async function reload ({ admin, write }: TestGateway, yaml: string): Promise<number> {
  write(yaml)
  return (await fetch(`${admin}/reload`, { method: 'POST' })).status
}

test('a breaker that opens, tries and closes is three events, in the list and in the stream', async t => {
  const time = { now: 0 }
  let status = 503
  const target = await startTarget(t, (_request, response) => { response.writeHead(status).end() })
  const gateway = await startGateway(t, `
upstreams:
  users: { targets: ["${target.url}"], retry: { attempts: 1 }, circuitBreaker: { failures: 2, openFor: 10s } }
routes: [{ path: '/*', upstream: users }]
`, { clock: { now: () => time.now, wall: () => 1_800_000_000_000 + time.now } })
  const reader = await read(t, gateway.admin, '?type=circuit-opened,circuit-half-open,circuit-closed')
  await send(gateway.url, '/')
  await send(gateway.url, '/')
  time.now = 20_000
  status = 200
  await send(gateway.url, '/')
  const streamed = await reader.until(({ type }) => type === 'circuit-closed')
  assert.deepEqual(types(streamed), ['circuit-opened', 'circuit-half-open', 'circuit-closed'])
  const [opened] = streamed
  assert.ok(opened?.type === 'circuit-opened')
  assert.deepEqual([opened.upstream, opened.target, opened.reason, opened.generation], ['users', target.url, 'failures', 1])
  assert.match(opened.why!, /2 failures in a row/)
  assert.deepEqual(await list(gateway.admin, '?type=circuit-opened&type=circuit-half-open,circuit-closed'), streamed)
  const line = await gateway.logged(({ msg }) => msg === 'circuit opened')
  assert.deepEqual([line['level'], line['upstream'], line['target'], line['reason']], ['warn', 'users', target.url, 'failures'])
  assert.deepEqual([line['type'], line['number'], line['generation']], [undefined, undefined, undefined])
})

test('reloads are events; a stream goes on over them and hears of each once', async t => {
  const gateway = await startGateway(t, plain)
  const reader = await read(t, gateway.admin, '?since=0')
  assert.equal(reader.head.headers['content-type'], 'text/event-stream')
  assert.equal(reader.head.headers['cache-control'], 'no-store')
  assert.equal(await reload(gateway, 'routes: [{ path: / }]'), 422)
  assert.equal(await reload(gateway, 'routes: [{ path: /a, respond: {} }]'), 200)
  assert.equal(await reload(gateway, 'routes: [{ path: /b, respond: {} }]'), 200)
  const events = await reader.until(event => event.type === 'configuration-reloaded' && event.generation === 3)
  assert.deepEqual(types(events), ['gateway-started', 'configuration-refused', 'configuration-reloaded', 'configuration-reloaded'])
  assert.deepEqual(events.map(({ number }) => number), [1, 2, 3, 4])
  const refused = events[1]!
  assert.ok(refused.type === 'configuration-refused')
  assert.deepEqual([refused.trigger, refused.problems.length, refused.generation], ['admin', 1, 1])
})

test('a client that comes back gets what it has missed, by Last-Event-ID or `since`', async t => {
  const gateway = await startGateway(t, plain)
  for (const path of ['/a', '/b', '/c']) await reload(gateway, `routes: [{ path: ${path}, respond: {} }]`)
  const back = await read(t, gateway.admin, '?since=1', { 'last-event-id': '3' })
  assert.deepEqual((await back.until(() => true)).map(({ number }) => number), [4])
  const asked = await read(t, gateway.admin, '?since=2')
  assert.deepEqual((await asked.until(({ number }) => number === 4)).map(({ number }) => number), [3, 4])
  const restarted = await read(t, gateway.admin, '', { 'last-event-id': '9000' })
  assert.deepEqual((await restarted.until(({ number }) => number === 4)).map(({ number }) => number), [1, 2, 3, 4])
  assert.deepEqual((await list(gateway.admin, '?since=3')).map(({ number }) => number), [4])
  assert.deepEqual(await list(gateway.admin, '?since=4'), [])
})

test('a query that means nothing is refused', async t => {
  const { admin } = await startGateway(t, plain)
  for (const query of ['?since=x', '?since=-1', '?type=nothing', '?type=']) {
    assert.equal((await fetch(`${admin}/events${query}`)).status, 400, query)
  }
})

test('the ninth client of the stream is a 503, and comes in when another has left', async t => {
  const { admin } = await startGateway(t, plain)
  const readers = await Promise.all(Array.from({ length: 8 }, async () => await read(t, admin)))
  const ninth = await send(admin, '/events', { headers: { accept: 'text/event-stream' } })
  assert.deepEqual([ninth.status, ninth.headers['retry-after']], [503, '5'])
  assert.equal((await fetch(`${admin}/events`)).status, 200)
  readers[0]!.head.destroy()
  let status = 503
  while (status === 503) {
    const outgoing = begin(admin, '/events', { headers: { accept: 'text/event-stream' } })
    outgoing.end()
    status = (await headOf(outgoing)).statusCode!
    t.after(() => outgoing.destroy())
  }
  assert.equal(status, 200)
})

test('a drain is the last event of a stream, and ends it', async t => {
  const gateway = await startGateway(t, plain)
  const reader = await read(t, gateway.admin)
  assert.equal(await gateway.gateway.shutdown(), 0)
  assert.deepEqual(types(await reader.until(({ type }) => type === 'drain-started')), ['shutdown-started', 'drain-started'])
  await reader.ended
  assert.ok(reader.head.complete)
  const messages = gateway.logs.map(({ msg }) => msg)
  assert.deepEqual(messages, ['shutdown signal received', 'draining connections', 'shutdown complete'])
})

test('secrets are in no event, neither in the list nor in the stream', async t => {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
admin: { port: 0, token: "\${ADMIN_TOKEN}" }
upstreams: { users: { targets: ["${target.url}"] } }
routes: [{ path: '/*', upstream: users }]
plugins: [./teller.ts]
`, {
    env: { ADMIN_TOKEN: 'hunter2-hunter2' },
    files: {
      'teller.ts': `
        export default async function teller (app) {
          app.gateway.admin.post('/tell', () => {
            const told = { message: 'the token is hunter2-hunter2', data: { token: ['hunter2-hunter2'] } }
            app.gateway.events.emit({ type: 'plugin', plugin: 'teller', ...told }, new Error('not hunter2-hunter2'))
            return {}
          })
        }`
    }
  })
  const authorization = 'Bearer hunter2-hunter2'
  assert.equal((await send(gateway.admin, '/events')).status, 401)
  const reader = await read(t, gateway.admin, '', { authorization })
  assert.equal((await send(gateway.admin, '/tell', { method: 'POST', headers: { authorization } })).status, 200)
  const [event] = await reader.until(({ type }) => type === 'plugin')
  assert.ok(event?.type === 'plugin')
  assert.deepEqual([event.message, event.data, event.error], ['the token is [redacted]', { token: ['[redacted]'] }, 'not [redacted]'])
  assert.ok(!reader.text().includes('hunter2'))
  assert.ok(!(await send(gateway.admin, '/events', { headers: { authorization } })).text.includes('hunter2'))
})

test('a reload that changes who may use the admin listener ends the streams of before', async t => {
  const gateway = await startGateway(t, plain)
  const reader = await read(t, gateway.admin)
  assert.equal(await reload(gateway, `admin: { port: 0, token: one-two-three }\n${plain}`), 200)
  await reader.ended
  assert.ok(!reader.text().includes('data:'))
})

test('a limit that rejects is one event until it was quiet for a minute', async t => {
  const time = { now: 0 }
  const gateway = await startGateway(t, `
policies: { few: { plugin: rate-limiting, limit: 1/h, key: global } }
routes: [{ path: /, respond: {}, policies: [few] }]
`, { clock: { now: () => time.now, wall: () => 1_800_000_000_000 + time.now } })
  for (const now of [0, 1, 2, 60_001, 120_002]) {
    time.now = now
    await send(gateway.url, '/')
  }
  const events = await list(gateway.admin, '?type=limit-reached')
  const reached = events.map(event => {
    assert.ok(event.type === 'limit-reached')
    return [event.limit, event.policy, event.route, event.time - 1_800_000_000_000]
  })
  assert.deepEqual(reached, [['rate', 'few', '/', 1], ['rate', 'few', '/', 120_002]])
})

test('a rehearsal emits no event', async t => {
  const gateway = await startGateway(t, `
policies: { none: { plugin: rate-limiting, limit: 1/h, key: global } }
routes: [{ path: /, respond: {}, policies: [none] }]
`)
  await send(gateway.url, '/')
  await fetch(`${gateway.admin}/explain?url=/`)
  assert.deepEqual(types(await list(gateway.admin)), ['gateway-started'])
})

test('a client that does not read is disconnected, and a silent one gets a comment every 15 seconds', t => {
  t.mock.timers.enable({ apis: ['setInterval'] })
  const streams = new EventStreams()
  const client = () => {
    const made = {
      written: [] as string[],
      destroyed: false,
      writableEnded: false,
      writableLength: 0,
      close () {},
      write (text: string) { made.written.push(text) },
      destroy () { made.destroyed = true },
      once (_event: string, listener: () => void) { made.close = listener }
    }
    return made
  }
  const [quick, slow] = [client(), client()]
  for (const one of [quick, slow]) streams.add(one as never, [], () => true, '')
  t.mock.timers.tick(15_000)
  assert.deepEqual(quick.written, ['retry: 1000\n\n', ': heartbeat\n\n'])
  slow.writableLength = 2 * 1024 * 1024
  streams.send({ type: 'requests-cut', cut: 1, number: 1, time: 0, generation: 1 }, '')
  assert.deepEqual([quick.destroyed, quick.written.length, slow.destroyed, slow.written.length], [false, 3, true, 2])
  for (const one of [quick, slow]) one.close()
})
