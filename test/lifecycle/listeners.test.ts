/** Several listeners: ports and Unix sockets, which a reload opens and closes. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { statSync } from 'node:fs'
import { Agent, request, type IncomingMessage } from 'node:http'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { startGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'

const fixed = (text: string): string => `routes: [{ path: /, respond: { text: ${text} } }]`
const local = (port: number): string => `{ host: 127.0.0.1, port: ${port} }`

async function get (url: string): Promise<string> {
  return await (await fetch(url)).text()
}

/** Body and status of a request over a Unix socket. */
async function getOver (socketPath: string, headers: Record<string, string> = {}): Promise<string> {
  const asked = request({ socketPath, path: '/', headers, agent: false }).end()
  const [response] = await once(asked, 'response') as [NodeJS.ReadableStream]
  let text = ''
  for await (const chunk of response) text += String(chunk)
  return text
}

test('every listener serves', async t => {
  const door = await startGateway(t, `listeners: [${local(0)}, ${local(0)}, { socket: ./door.sock, mode: "600" }]\n${fixed('hi')}`)
  const { listeners, proxy } = door.gateway.addresses!
  assert.equal(listeners.length, 3)
  assert.equal(proxy, listeners[0])
  assert.deepEqual([await get(listeners[0]!), await get(listeners[1]!)], ['hi', 'hi'])
  const path = listeners[2]!.slice('unix:'.length)
  assert.equal(path, join(door.folder, 'door.sock'))
  assert.equal(await getOver(path), 'hi')
  assert.equal(statSync(path).mode & 0o777, 0o600)
})

test('a reload opens new listeners and closes old ones, and no request is lost', async t => {
  const gate = Promise.withResolvers<void>()
  const asked = Promise.withResolvers<void>()
  const target = await startTarget(t, (_request, response) => {
    asked.resolve()
    void gate.promise.then(() => response.end('late'))
  })
  const routes = `routes: [{ path: /slow, target: "${target.url}" }, { path: /, respond: { text: hi } }]`
  const [kept, gone, added] = [await freePort(), await freePort(), await freePort()]
  const door = await startGateway(t, `listeners: [${local(kept)}, ${local(gone)}]\n${routes}`)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const slow = request({ port: gone, host: '127.0.0.1', path: '/slow', agent }).end()
  await asked.promise
  door.write(`listeners: [${local(kept)}, ${local(added)}]\n${routes}`)
  assert.deepEqual(await door.gateway.reload('test'), { ok: true, problems: [] })
  assert.deepEqual(door.gateway.addresses!.listeners, [`http://127.0.0.1:${kept}`, `http://127.0.0.1:${added}`])
  assert.deepEqual([await get(`http://127.0.0.1:${kept}`), await get(`http://127.0.0.1:${added}`)], ['hi', 'hi'])
  await assert.rejects(fetch(`http://127.0.0.1:${gone}`))
  gate.resolve()
  const [response] = await once(slow, 'response') as [IncomingMessage]
  assert.equal(response.headers.connection, 'close')
  assert.equal((await response.toArray()).join(''), 'late')
  const { opened, closed } = await door.logged(line => line['msg'] === 'listeners changed')
  assert.deepEqual([opened, closed], [[`127.0.0.1:${added}`], [`127.0.0.1:${gone}`]])
})

test('a port that is taken refuses the reload with its place, and nothing that was opened stays open', async t => {
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  t.after(() => taken.close())
  const { port } = taken.address() as AddressInfo
  const [kept, free] = [await freePort(), await freePort()]
  const door = await startGateway(t, `listeners: [${local(kept)}]\n${fixed('one')}`)
  door.write(`listeners:\n  - ${local(free)}\n  - ${local(port)}\n${fixed('two')}`)
  const { ok, problems } = await door.gateway.reload('test')
  assert.equal(ok, false)
  assert.match(
    problems.join('\n'),
    new RegExp(`gateway.yaml:\\d+:5.*cannot listen on 127.0.0.1:${port}: something else listens there`, 's')
  )
  assert.equal(await get(`http://127.0.0.1:${kept}`), 'one')
  await assert.rejects(fetch(`http://127.0.0.1:${free}`))
})

test('server.port moves with a reload', async t => {
  const door = await startGateway(t, `server: { host: 127.0.0.1, port: 0 }\n${fixed('one')}`)
  const before = door.url
  const port = await freePort()
  door.write(`server: { host: 127.0.0.1, port: ${port} }\n${fixed('two')}`)
  assert.equal((await door.gateway.reload('test')).ok, true)
  assert.equal(door.gateway.addresses!.proxy, `http://127.0.0.1:${port}`)
  assert.equal(await get(door.gateway.addresses!.proxy), 'two')
  await assert.rejects(fetch(before))
})

test('a Unix socket that a killed process left behind is replaced, one that is in use is not', async t => {
  const door = await startGateway(t, `listeners: [{ socket: ./a.sock }]\n${fixed('a')}`)
  const path = join(door.folder, 'a.sock')
  const second = await startGateway(t, `listeners: [${local(0)}]\n${fixed('b')}`)
  second.write(`listeners: [{ socket: "${path}" }]\n${fixed('b')}`)
  const { problems } = await second.gateway.reload('test')
  assert.match(problems.join(), /cannot listen on unix:.*a\.sock: something else listens there/)
  assert.equal(await getOver(path), 'a')
  const left = join(second.folder, 'left.sock')
  const script = `require('node:net').createServer().listen(${JSON.stringify(left)}, () => process.kill(process.pid, 'SIGKILL'))`
  spawnSync(process.execPath, ['-e', script])
  second.write(`listeners: [{ socket: ./left.sock }]\n${fixed('b')}`)
  assert.equal((await second.gateway.reload('test')).ok, true)
  assert.equal(await getOver(left), 'b')
})

test('a peer over a Unix socket may name the client where the file trusts it', async t => {
  const target = await startTarget(t, (asked, response) => { response.end(String(asked.headers['x-forwarded-for'])) })
  const yaml = (trust: string): string => `server: { trustProxy: [${trust}] }
listeners: [{ socket: ./door.sock }]
routes: [{ path: /, target: "${target.url}" }]`
  const door = await startGateway(t, yaml('unix'))
  const path = join(door.folder, 'door.sock')
  assert.equal(await getOver(path, { 'x-forwarded-for': '203.0.113.9' }), '203.0.113.9, unknown')
  door.write(yaml('10.0.0.0/8'))
  await door.gateway.reload('test')
  assert.equal(await getOver(path, { 'x-forwarded-for': '203.0.113.9' }), 'unknown')
})

test('the limit of connections counts those of all listeners', async t => {
  const door = await startGateway(t, `server: { limits: { connections: 1 } }\nlisteners: [${local(0)}, ${local(0)}]\n${fixed('hi')}`)
  const [first, second] = door.gateway.addresses!.listeners.map(url => new URL(url).port)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  const ask = async (port: string, by: Agent | false): Promise<number> => {
    const asked = request({ host: '127.0.0.1', port, path: '/', agent: by }).end()
    const [response] = await once(asked, 'response') as [IncomingMessage]
    await response.toArray()
    return response.statusCode!
  }
  assert.equal(await ask(first!, agent), 200)
  assert.equal(await ask(second!, false), 503)
  agent.destroy()
  for (let status = 503; status !== 200; await wait(5)) status = await ask(second!, false)
})

test('a listener that redirects sends every request to https, except where a trusted proxy says that it came so', async t => {
  const yaml = `server: { trustProxy: [loopback] }
listeners: [${local(0)}, { host: 127.0.0.1, port: 0, redirectToHttps: 8443 }]
${fixed('hi')}`
  const door = await startGateway(t, yaml)
  const [plain, redirecting] = door.gateway.addresses!.listeners as [string, string]
  assert.equal(await get(plain), 'hi')
  const ask = async (path: string, headers: Record<string, string> = {}): Promise<[number, string | null]> => {
    const response = await fetch(redirecting + path, { redirect: 'manual', headers })
    return [response.status, response.headers.get('location')]
  }
  assert.deepEqual(await ask('/a/b?c=1'), [308, 'https://127.0.0.1:8443/a/b?c=1'])
  assert.deepEqual(await ask('/', { 'x-forwarded-proto': 'https' }), [200, null])
  door.write(yaml.replace(', redirectToHttps: 8443', '').replace('text: hi', 'text: new'))
  assert.equal((await door.gateway.reload('test')).ok, true)
  assert.equal(await get(redirecting), 'new')
})

test('a request is injected into the first listener that serves requests and does not redirect them', async t => {
  const listeners = `listeners: [{ host: 127.0.0.1, port: 0, redirectToHttps: 443 }, ${local(0)}]`
  const { gateway } = await startGateway(t, `${listeners}\n${fixed('hi')}`)
  const { statusCode, body } = await gateway.inject('/')
  assert.deepEqual([statusCode, body], [200, 'hi'])
})
