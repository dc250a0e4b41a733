import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { test } from 'node:test'
import { Gateway } from '../../src/gateway/gateway.ts'
import { begin, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { holding } from '../helpers/holding.ts'
import { open, readAnswer } from '../helpers/raw.ts'
import { startService, startTarget } from '../helpers/target.ts'

const yaml = (
  url: string,
  shutdown: string
): string => `server: { host: 127.0.0.1, port: 0, shutdown: ${shutdown} }\nroutes: [{ path: /*, target: "${url}" }]\n`

async function refusesConnections ({ url }: TestGateway): Promise<boolean> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  const refused = await new Promise<boolean>(resolve => {
    socket.once('connect', () => resolve(false))
    socket.once('error', () => resolve(true))
  })
  socket.destroy()
  return refused
}

test('S2-152 a request in flight is finished, new connections are refused, and everything is closed', async t => {
  const hold = holding()
  const target = await startTarget(t, hold.respond)
  const door = await startGateway(t, yaml(target.url, '{ timeout: 30s }'))
  const slow = fetch(`${door.url}/slow`)
  await hold.arrived
  const down = door.gateway.shutdown()
  await door.logged(line => line['msg'] === 'draining connections')
  assert.equal(await refusesConnections(door), true)
  hold.finish()
  const answer = await slow
  assert.equal(await answer.text(), 'late')
  await down
  assert.deepEqual(
    door.logs.map(line => line['msg']).filter(message => message !== 'request completed'),
    ['shutdown signal received', 'draining connections', 'shutdown complete']
  )
})

test('responses that begin after the stop close their connections, and one that has begun is finished', async t => {
  const { promise: arrived, resolve } = Promise.withResolvers<void>()
  const held: ServerResponse[] = []
  const target = await startTarget(t, (request, response) => {
    if (request.url === '/begun') response.writeHead(200, { 'content-length': 4 }).write('be')
    if (held.push(response) === 2) resolve()
  })
  const door = await startGateway(t, yaml(target.url, '{ timeout: 30s }'))
  const [begun, waiting] = ['/begun', '/waiting'].map(path => begin(door.url, path, { headers: { connection: 'keep-alive' } }).end())
  const [first] = await once(begun!, 'response') as [IncomingMessage]
  await arrived
  const down = door.gateway.shutdown()
  await door.logged(line => line['msg'] === 'draining connections')
  for (const response of held) response.end('en')
  const [second] = await once(waiting!, 'response') as [IncomingMessage]
  assert.deepEqual([await text(first), await text(second)], ['been', 'en'])
  assert.equal(second.headers.connection, 'close')
  assert.equal(await down, 0)
})

test('S2-153 a request that hangs is cut at the timeout', async t => {
  const hold = holding()
  const target = await startTarget(t, hold.respond)
  const door = await startGateway(t, yaml(target.url, '{ timeout: 200ms }'))
  const hanging = fetch(`${door.url}/hang`).then(() => 'answered', () => 'cut')
  await hold.arrived
  await door.gateway.shutdown()
  assert.equal(await hanging, 'cut')
})

test('S2-101 readiness says no during the delay, requests are still served, and responses close their connections', async t => {
  const target = await startTarget(t)
  const door = await startGateway(t, yaml(target.url, '{ delay: 1s, timeout: 1s }'))
  assert.equal((await fetch(`${door.admin}/readyz`)).status, 200)
  const socket = await open(t, door.url)
  socket.write('GET /one HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  const down = door.gateway.shutdown()
  assert.equal((await fetch(`${door.admin}/readyz`)).status, 503)
  assert.equal((await fetch(`${door.admin}/livez`)).status, 200)
  socket.write('GET /two HTTP/1.1\r\nHost: a\r\n\r\n')
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  await once(socket, 'close')
  const answer = readAnswer(Buffer.concat(chunks))
  assert.deepEqual([answer.status, answer.headers['connection']], [200, ['close']])
  await down
})

test('a request that was on its way when the gateway stopped is served, and its connection is closed', async t => {
  const target = await startTarget(t, (_request, response) => { response.end('served') })
  const door = await startGateway(t, yaml(target.url, '{ timeout: 30s }'))
  const client = await open(t, door.url)
  const request = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n'
  client.write(request)
  await once(client, 'data')
  const received: Buffer[] = []
  client.on('data', (chunk: Buffer) => received.push(chunk))
  const down = door.gateway.shutdown()
  // As a client does that has not heard of the stop.
  client.write(request)
  await once(client, 'close')
  const { status, headers, text: body } = readAnswer(Buffer.concat(received))
  assert.deepEqual([status, headers['connection'], body], [200, ['close'], 'served'])
  assert.equal(await down, 0)
})

test('an idle keep-alive connection does not hold up the end', async t => {
  const target = await startTarget(t)
  const door = await startGateway(t, yaml(target.url, '{ timeout: 1h }'))
  const socket = await open(t, door.url)
  socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n')
  await once(socket, 'data')
  await Promise.all([door.gateway.shutdown(), once(socket, 'close')])
})

test('a port that is taken stops the start with the reason, and leaves nothing open', async t => {
  const taken = await startTarget(t)
  await assert.rejects(
    startGateway(t, `server: { host: 127.0.0.1, port: ${taken.port} }\nroutes: [{ path: /, respond: {} }]`),
    { code: 'EADDRINUSE' }
  )
})

test('closing twice is closing once', async t => {
  const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  await Promise.all([door.gateway.close(0), door.gateway.close(0)])
  assert.equal(await refusesConnections(door), true)
})

test('a request in flight, a reload, and a stop: the end waits for the request and for nothing else', { timeout: 20_000 }, async t => {
  const hold = holding()
  const target = await startTarget(t, hold.respond)
  const door = await startGateway(t, yaml(target.url, '{ timeout: 1h }'))
  const slow = send(door.url, '/slow')
  await hold.arrived
  await door.gateway.reload('test')
  const down = door.gateway.shutdown()
  await door.logged(line => line['msg'] === 'draining connections')
  hold.finish()
  assert.equal((await slow).text, 'late')
  assert.equal(await down, 0)
})

test('an old generation has the time of its own configuration, not of the one that follows', async t => {
  const [long, short] = [holding(), holding()]
  const [a, b] = [await startTarget(t, long.respond), await startTarget(t, short.respond)]
  const door = await startGateway(t, yaml(a.url, '{ timeout: 1h }'))
  const patient = send(door.url, '/long')
  await long.arrived
  door.write(yaml(b.url, '{ timeout: 50ms }'))
  await door.gateway.reload('test')
  const hasty = send(door.url, '/short').then(() => 'answered', () => 'cut')
  await short.arrived
  door.write(yaml(b.url, '{ timeout: 1h }'))
  await door.gateway.reload('test')
  assert.equal(await hasty, 'cut')
  assert.equal((await door.logged(line => line['path'] === '/short'))['code'], 'shutdown')
  assert.equal((await door.logged(line => line['msg'] === 'requests of an earlier configuration were cut'))['cut'], 1)
  // The one that began before it, and would have ended before it, is still there.
  long.finish()
  assert.equal((await patient).text, 'late')
})

/** What a request may be doing when it is cut, and the status of its line. */
const states: Readonly<Record<string, { readonly sends: (url: string) => void, readonly status: number, readonly requests?: number }>> = {
  'that waits for its response': { sends: url => { begin(url, '/hang').end() }, status: 499 },
  'whose response is on its way': { sends: url => { begin(url, '/half').end() }, status: 200 },
  'whose body is on its way': {
    sends: url => { begin(url, '/hang', { method: 'POST', headers: { 'content-length': 1_000_000 } }).write('x'.repeat(100_000)) },
    status: 499
  },
  'that waits for a policy': { sends: url => { begin(url, '/policy').end() }, status: 499 },
  'and another one behind it on its connection': {
    sends: url => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket.on('error', () => {})
      socket.write('GET /hang HTTP/1.1\r\nhost: a\r\n\r\n'.repeat(2))
    },
    status: 499,
    requests: 2
  }
}

for (const [state, { sends, status, requests = 1 }] of Object.entries(states)) {
  test(`a request ${state} has a line that says why it was cut`, async t => {
    let come = 0
    const { promise: arrived, resolve } = Promise.withResolvers<void>()
    const { server, url } = await startService(t, (request, response) => {
      if (++come === requests) resolve()
      if (request.url === '/half') response.writeHead(200, { 'content-length': 10 }).write('half')
    })
    const file = `server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 100ms } }
policies: { ask: { plugin: forward-auth, url: "${url}/auth" } }
routes:
  - { path: /policy, respond: {}, policies: [ask] }
  - { path: /*, target: "${url}" }
`
    const door = await startGateway(t, file)
    sends(door.url)
    await arrived
    assert.equal(server.listening, true)
    assert.equal(await door.gateway.shutdown(), requests)
    const lines = door.logs.filter(line => line['msg'] === 'request completed')
    assert.deepEqual(
      lines.map(line => [line['code'], line['fault'], line['level'], line['status']]),
      Array.from({ length: requests }, () => ['shutdown', 'gateway', 'error', status])
    )
    assert.equal(door.logs.find(line => line['msg'] === 'requests were cut')?.['cut'], requests)
  })
}

test('a stop ends accepting at once while a reload is under way, and what that has built is closed', async t => {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const slow = await startService(t, () => resolve())
  const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  door.write(`policies: { jwt: { plugin: jwt-auth, jwks: "${slow.url}", issuer: a, audience: b } }
routes: [{ path: /, respond: {}, policies: [jwt] }]`)
  const reload = door.gateway.reload('test')
  await asked
  const down = door.gateway.shutdown()
  assert.equal(await refusesConnections(door), true)
  await down
  assert.deepEqual([slow.sockets.size, door.gateway.generation], [1, 1])
  assert.deepEqual(await reload, { ok: false, problems: ['the gateway is shutting down'] })
  assert.equal(door.logs.some(line => line['level'] === 'error'), false)
})

test('a start that is told to stop opens nothing', async t => {
  const { promise: asked, resolve } = Promise.withResolvers<void>()
  const slow = await startService(t, () => resolve())
  const folder = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  folder.write(`policies: { jwt: { plugin: jwt-auth, jwks: "${slow.url}", issuer: a, audience: b, published: { timeout: 1s } } }
routes: [{ path: /, respond: {}, policies: [jwt] }]`)
  const gateway = new Gateway({ file: folder.file, env: {}, logger: folder.gateway.log })
  const start = gateway.start()
  await asked
  await gateway.close()
  await assert.rejects(start, /shutting down/)
  assert.equal(gateway.serving, false)
})
