import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect } from 'node:net'
import { test } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { open, readAnswer } from '../helpers/raw.ts'
import { startTarget, type Respond } from '../helpers/target.ts'

/** A target that answers when told to. */
function holding (): { respond: Respond, arrived: Promise<void>, finish: () => void } {
  const held: (() => void)[] = []
  const { promise, resolve } = Promise.withResolvers<void>()
  return {
    respond: (_request, response) => { held.push(() => response.end('late')); resolve() },
    arrived: promise,
    finish: () => { for (const answer of held) answer() }
  }
}

const yaml = (url: string, shutdown: string): string => `server: { host: 127.0.0.1, port: 0, shutdown: ${shutdown} }\nroutes: [{ path: /*, target: "${url}" }]\n`

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
  assert.deepEqual(door.logs.map(line => line['msg']).filter(message => message !== 'request completed'), ['shutdown signal received', 'draining connections', 'shutdown complete'])
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

test('S2-101 readiness says no during the delay, requests are still served, and answers close their connections', async t => {
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
  await assert.rejects(startGateway(t, `server: { host: 127.0.0.1, port: ${taken.port} }\nroutes: [{ path: /, respond: {} }]`), { code: 'EADDRINUSE' })
})

test('closing twice is closing once', async t => {
  const door = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  await Promise.all([door.gateway.close(0), door.gateway.close(0)])
  assert.equal(await refusesConnections(door), true)
})
