/** Event streams and long polls: events pass at once, silence is no fault, and both ends are told when the other has gone. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { openHttp2 } from '../helpers/http2.ts'
import { startService } from '../helpers/target.ts'

/** A service of event streams, whose latest one a test writes to. */
interface EventService {
  readonly url: string
  readonly sockets: ReadonlySet<unknown>
  readonly stream: ServerResponse
}

async function startEvents (t: TestContext): Promise<EventService> {
  let latest: ServerResponse | undefined
  const { url, sockets } = await startService(t, (request, response) => {
    if (request.url === '/poll' || request.url === '/silent') {
      latest = response
      if (request.url === '/silent') response.write('x')
      return
    }
    latest = response.writeHead(200, { 'content-type': 'Text/Event-Stream; charset=utf-8', 'cache-control': 'no-store' })
    response.flushHeaders()
  })
  return { url, sockets, get stream () { return latest! } }
}

async function gatewayTo (t: TestContext, url: string, timeouts: string, more = ''): Promise<TestGateway> {
  return await startGateway(t, `${more}
upstreams: { events: { targets: ["${url}"], timeouts: { ${timeouts} } } }
routes: [{ path: /*, upstream: events }]
`)
}

async function openStream (gateway: TestGateway): Promise<IncomingMessage> {
  return await headOf(begin(gateway.url, '/events', { headers: { accept: 'text/event-stream' } }).end())
}

async function nextOf (stream: IncomingMessage): Promise<string> {
  return String((await once(stream, 'data') as [Buffer])[0])
}

/** Resolves when `timeouts.idle` of a gateway is over. */
async function idlePassed (gateway: TestGateway): Promise<void> {
  assert.equal((await send(gateway.url, '/silent')).complete, false)
}

test('status line and headers arrive before the first event, and each event before the next is sent', async t => {
  const target = await startEvents(t)
  const stream = await openStream(await gatewayTo(t, target.url, 'response: 5s'))
  assert.deepEqual([stream.statusCode, stream.headers['content-type']], [200, 'Text/Event-Stream; charset=utf-8'])
  for (let index = 0; index < 50; index++) {
    const event = `id: ${index}\ndata: ${'x'.repeat(index)}\n\n`
    target.stream.write(event)
    assert.equal(await nextOf(stream), event)
  }
  stream.destroy()
})

test('over HTTP/2 the headers, each event and the leaving of the client pass as soon', async t => {
  const target = await startEvents(t)
  const gateway = await startGateway(t, `
listeners: [{ host: 127.0.0.1, port: 0, http2: true }]
routes: [{ path: /*, target: "${target.url}" }]
`)
  const session = openHttp2(t, gateway.url)
  const stream = session.request({ ':path': '/events', accept: 'text/event-stream' })
  const [fields] = await once(stream, 'response') as [Record<string, unknown>]
  assert.deepEqual([fields[':status'], fields['content-type']], [200, 'Text/Event-Stream; charset=utf-8'])
  for (let index = 0; index < 50; index++) {
    target.stream.write(`data: ${index}\n\n`)
    assert.equal(String((await once(stream, 'data') as [Buffer])[0]), `data: ${index}\n\n`)
  }
  const left = once(target.stream, 'close')
  stream.close()
  await left
})

test('an event stream may be silent for longer than timeouts.idle, and a comment of one byte passes', async t => {
  const target = await startEvents(t)
  const gateway = await gatewayTo(t, target.url, 'idle: 40ms')
  const stream = await openStream(gateway)
  const events = target.stream
  await idlePassed(gateway)
  events.write(':')
  assert.equal(await nextOf(stream), ':')
  await idlePassed(gateway)
  const whole = readWhole(stream)
  events.end('data: last\n\n')
  assert.deepEqual([(await whole).text, (await whole).complete], ['data: last\n\n', true])
})

test('timeouts.eventStreamIdle cuts an event stream that is silent for longer', async t => {
  const target = await startEvents(t)
  const gateway = await gatewayTo(t, target.url, 'idle: 0s, eventStreamIdle: 40ms')
  const stream = await openStream(gateway)
  const left = once(target.stream, 'close')
  assert.equal((await readWhole(stream)).complete, false)
  await left
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.deepEqual([line['status'], line['code']], [200, 'idle-timeout'])
})

test('a client that leaves a silent stream is seen by the target', async t => {
  const target = await startEvents(t)
  const stream = await openStream(await gatewayTo(t, target.url, 'idle: 0s'))
  const left = once(target.stream, 'close')
  stream.destroy()
  await left
})

test('a client that leaves a long poll before its response is seen by the target, and a late response arrives', async t => {
  const target = await startEvents(t)
  const gateway = await gatewayTo(t, target.url, 'response: 0s, total: 0s')
  const asked = async (): Promise<{ stop: () => void, head: Promise<IncomingMessage>, response: ServerResponse }> => {
    const before = target.stream
    const outgoing = begin(gateway.url, '/poll').end()
    const head = headOf(outgoing)
    head.catch(() => {})
    while (target.stream === before) await new Promise<void>(resolve => { setImmediate(resolve) })
    return { stop: () => outgoing.destroy(), head, response: target.stream }
  }
  const first = await asked()
  const left = once(first.response, 'close')
  first.stop()
  await left
  const second = await asked()
  second.response.end('news')
  assert.equal((await readWhole(await second.head)).text, 'news')
})

test('a target that breaks off is a cut for the client, never an end', async t => {
  const target = await startEvents(t)
  const gateway = await gatewayTo(t, target.url, 'idle: 0s')
  const stream = await openStream(gateway)
  target.stream.write('data: half')
  await nextOf(stream)
  const whole = readWhole(stream)
  target.stream.destroy()
  assert.equal((await whole).complete, false)
})

test('a stop waits for event streams, and cuts those that are open when shutdown.timeout ends', async t => {
  const server = (timeout: string): string => `server: { host: 127.0.0.1, port: 0, shutdown: { timeout: ${timeout} } }`
  const target = await startEvents(t)
  const patient = await gatewayTo(t, target.url, 'idle: 0s', server('30s'))
  const finished = await openStream(patient)
  const whole = readWhole(finished)
  const down = patient.gateway.shutdown()
  await patient.logged(line => line['msg'] === 'draining connections')
  target.stream.end('data: goodbye\n\n')
  await down
  assert.deepEqual([(await whole).text, (await whole).complete], ['data: goodbye\n\n', true])

  const short = await gatewayTo(t, target.url, 'idle: 0s', server('50ms'))
  const endless = readWhole(await openStream(short))
  const left = once(target.stream, 'close')
  await short.gateway.shutdown()
  assert.equal((await endless).complete, false)
  await left
  assert.equal((await short.logged(({ msg }) => msg === 'request completed'))['code'], 'shutdown')
})

test('a reload cuts no event stream, however long it lasts', async t => {
  const target = await startEvents(t)
  const gateway = await gatewayTo(t, target.url, 'idle: 0s', 'server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 20ms } }')
  const stream = await openStream(gateway)
  const events = target.stream
  const slow = headOf(begin(gateway.url, '/poll').end()).then(() => 'response', () => 'cut')
  while (target.stream === events) await new Promise<void>(resolve => { setImmediate(resolve) })
  await gateway.gateway.reload('test')
  // What is no stream has the time of a shutdown.
  assert.equal(await slow, 'cut')
  events.write('data: still here\n\n')
  assert.equal(await nextOf(stream), 'data: still here\n\n')
  const whole = readWhole(stream)
  events.end()
  assert.equal((await whole).complete, true)
})
