/** Targets that come and go, as clients see it. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { renameSync, writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { certificate, privateKey } from '../health-checks/certificate.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { startNameServer, type NameServer } from '../helpers/name-server.ts'

/** Targets on one port at 127.0.0.1, 127.0.0.2, … that respond with the last number of their address. */
async function startHosts (t: TestContext, count: number): Promise<number> {
  const first = await startTarget(t, (_request, response) => response.end('1'))
  for (let host = 2; host <= count; host++) {
    const server = (await startTarget(t, (_request, response) => response.end(String(host)), { port: 0 })).server
    await new Promise<void>(resolve => { server.close(() => resolve()) })
    await new Promise<void>(resolve => { server.listen(first.port, `127.0.0.${host}`, resolve) })
  }
  return first.port
}

const discovering = (port: number, names: NameServer, more = ''): string => `
upstreams:
  users:
    targets: [{ dns: "http://users.internal:${port}", refresh: 100ms, minRefresh: 100ms }]
    resolvers: ["${names.address}"]
    ${more}
routes: [{ path: /*, upstream: users }]
`

const ask = async (url: string): Promise<string> => await (await fetch(url)).text()
const changed = (targets: number) => (line: Record<string, unknown>): boolean =>
  line['msg'] === 'targets changed' && (line['targets'] as unknown[]).length === targets

async function several (url: string, count: number): Promise<string> {
  let answers = ''
  for (let index = 0; index < count; index++) answers += await ask(url)
  return [...new Set(answers)].toSorted().join('')
}

interface Shown {
  readonly name: string
  readonly discovery?: readonly { source: string, up: boolean, targets: number, why?: string }[]
  readonly targets: readonly { url: string, weight: number }[]
}

async function shown ({ admin }: TestGateway): Promise<Shown> {
  return (await (await fetch(`${admin}/upstreams`)).json() as Shown[])[0]!
}

test('S1-77 an address that DNS adds gets traffic within the refresh and one that it drops gets none, without a restart', async t => {
  const port = await startHosts(t, 3)
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1', '127.0.0.2'] } })
  const running = await startGateway(t, discovering(port, names))
  assert.equal(await several(running.url, 4), '12')
  names.zones.set('users.internal', { a: ['127.0.0.3', '127.0.0.1', '127.0.0.2'] })
  await running.logged(changed(3))
  assert.equal(await several(running.url, 6), '123')
  names.zones.set('users.internal', { a: ['127.0.0.3'] })
  await running.logged(changed(1))
  assert.equal(await several(running.url, 4), '3')
  const { discovery, targets } = await shown(running)
  assert.deepEqual(discovery, [{ source: `dns http://users.internal:${port}`, up: true, targets: 1 }])
  assert.deepEqual(targets.map(({ url }) => url), [`http://127.0.0.3:${port}`])
})

test('Host and redirects go on to speak of the name', async t => {
  const target = await startTarget(t, (_request, response, { headers }) => {
    response.writeHead(302, { location: `http://${headers.host}/next` }).end()
  })
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'] } })
  const { url } = await startGateway(t, discovering(target.port, names))
  const answer = await fetch(url, { redirect: 'manual' })
  assert.equal(target.hits[0]!.headers.host, `users.internal:${target.port}`)
  assert.equal(answer.headers.get('location'), '/next')
})

test('a certificate is verified for the name, whatever the address', async t => {
  const server = createServer({ cert: certificate, key: privateKey }, (_request, response) => response.end('it'))
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.2', resolve) })
  t.after(() => { server.close() })
  const { port } = server.address() as AddressInfo
  const names = await startNameServer(t, { localhost: { a: ['127.0.0.2'] }, 'other.internal': { a: ['127.0.0.2'] } })
  const upstream = (name: string): string =>
    `{ targets: [{ dns: "https://${name}:${port}" }], resolvers: ["${names.address}"], tls: { ca: ${JSON.stringify(certificate)} } }`
  const { url } = await startGateway(t, `
upstreams: { right: ${upstream('localhost')}, wrong: ${upstream('other.internal')} }
routes: [{ path: /right, upstream: right }, { path: /wrong, upstream: wrong }]
`)
  assert.equal(await ask(`${url}/right`), 'it')
  assert.match(await ask(`${url}/wrong`), /tls-error/)
  server.closeAllConnections()
})

test('an upstream without any target yet responds with 503, and serves as soon as one is found', async t => {
  const port = await startHosts(t, 1)
  const names = await startNameServer(t, {})
  const running = await startGateway(t, discovering(port, names))
  const refused = await fetch(running.url)
  const { code } = await refused.json() as { code: string }
  assert.deepEqual([refused.status, code, refused.headers.get('retry-after')], [503, 'no-target', '1'])
  const { decisions } = await running.gateway.explain({ method: 'GET', url: '/' })
  assert.ok(decisions.some(({ why }) => why.includes('users has no target')))
  names.zones.set('users.internal', { a: ['127.0.0.1'] })
  await running.logged(changed(1))
  assert.equal(await ask(running.url), '1')
})

test('S2-044 when all targets are gone the response is 503, and the gateway lives', async t => {
  const port = await startHosts(t, 2)
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1', '127.0.0.2'] } })
  const running = await startGateway(t, discovering(port, names))
  assert.equal(await several(running.url, 2), '12')
  names.zones.delete('users.internal')
  await running.logged(changed(0))
  assert.equal((await fetch(running.url)).status, 503)
  names.zones.set('users.internal', { a: ['127.0.0.2'] })
  await running.logged(changed(1))
  assert.equal(await ask(running.url), '2')
})

test('a name server that fails keeps the targets that were known, is seen in log, metrics and /upstreams, and is forgiven', async t => {
  const port = await startHosts(t, 1)
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'] } })
  const running = await startGateway(t, discovering(port, names))
  names.failing = true
  const { why } = await running.logged(line => line['msg'] === 'targets cannot be looked up, keeping those known')
  assert.equal(why, 'ESERVFAIL')
  assert.equal(await ask(running.url), '1')
  assert.deepEqual(
    (await shown(running)).discovery,
    [{ source: `dns http://users.internal:${port}`, up: false, targets: 1, why: 'ESERVFAIL' }]
  )
  const labels = `{upstream="users",source="dns http://users.internal:${port}"}`
  assert.ok((await ask(`${running.admin}/metrics`)).includes(`gateway_target_discovery_up${labels} 0`))
  await names.asked(4)
  assert.equal(running.logs.filter(({ level }) => level === 'warn').length, 1)
  names.failing = false
  await running.logged(line => line['msg'] === 'targets can be looked up again')
  assert.ok((await ask(`${running.admin}/metrics`)).includes(`gateway_target_discovery_up${labels} 1`))
})

test('a reload keeps what was found, also while no name server responds', async t => {
  const port = await startHosts(t, 1)
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'] } })
  const running = await startGateway(t, discovering(port, names))
  names.failing = true
  await running.logged(line => line['level'] === 'warn')
  running.write(`${discovering(port, names)}x-touched: true\n`)
  assert.deepEqual(await running.gateway.reload('test'), { ok: true, problems: [] })
  assert.equal(await ask(running.url), '1')
  names.failing = false
  names.zones.set('users.internal', { a: ['127.0.0.1', '127.0.0.2'] })
  await running.logged(changed(2))
  assert.equal((await shown(running)).targets.length, 2)
})

test('SRV records say port, weight and priority', async t => {
  const [a, b] = [
    await startTarget(t, (_request, response) => response.end('a')),
    await startTarget(t, (_request, response) => response.end('b'))
  ]
  const names = await startNameServer(t, {
    '_users._tcp.internal': { srv: [{ name: 'a.internal', port: a.port, weight: 3 }, { name: 'b.internal', port: b.port, weight: 1 }] },
    'a.internal': { a: ['127.0.0.1'] },
    'b.internal': { a: ['127.0.0.1'] }
  })
  const running = await startGateway(t, `
upstreams:
  users: { balance: weighted-round-robin, targets: [{ srv: "http://_users._tcp.internal" }], resolvers: ["${names.address}"] }
routes: [{ path: /*, upstream: users }]
`)
  let answers = ''
  for (let count = 0; count < 8; count++) answers += await ask(running.url)
  assert.equal(answers, 'aabaaaba')
  assert.equal(a.hits[0]!.headers.host, `a.internal:${a.port}`)
  assert.deepEqual((await shown(running)).targets.map(({ url, weight }) => [url, weight]), [[a.url, 3], [b.url, 1]])
})

test('a file of targets is read again when it changes; a broken one keeps the old list and says where it is broken', async t => {
  const [a, b] = [
    await startTarget(t, (_request, response) => response.end('a')),
    await startTarget(t, (_request, response) => response.end('b'))
  ]
  const running = await startGateway(t, `
upstreams: { users: { targets: [{ file: ./targets.yaml }] } }
routes: [{ path: /*, upstream: users }]
`, { files: { 'targets.yaml': `targets: [${a.url}]\n` } })
  const replace = (text: string): void => {
    writeFileSync(join(running.folder, 'new'), text)
    renameSync(join(running.folder, 'new'), join(running.folder, 'targets.yaml'))
  }
  assert.equal(await several(running.url, 2), 'a')
  replace(`targets:\n  - ${a.url}\n  - { url: ${b.url}, wieght: 2 }\n`)
  const { why } = await running.logged(line => line['level'] === 'warn')
  assert.match(String(why), /targets\.yaml:3:\d+ .*unknown key "wieght" — did you mean "weight"\?/)
  assert.equal(await several(running.url, 2), 'a')
  replace('')
  await running.logged(line => line['level'] === 'warn' && line['why'] !== why)
  assert.equal(await several(running.url, 2), 'a')
  replace(`targets:\n  - ${a.url}\n  - { url: ${b.url}, weight: 2 }\n`)
  await running.logged(changed(2))
  assert.equal(await several(running.url, 4), 'ab')
  replace('targets: []\n')
  await running.logged(changed(0))
  assert.equal((await fetch(running.url)).status, 503)
})

test('S2-089 targets are added and removed under load, and no request is lost', async t => {
  const port = await startHosts(t, 3)
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1', '127.0.0.2'], ttl: 0 } })
  const running = await startGateway(t, discovering(port, names, 'healthChecks: { active: { interval: 100ms, timeout: 50ms } }'))
  const answered: string[] = []
  let on = true
  const clients = Array.from({ length: 8 }, async () => {
    while (on) {
      const response = await fetch(running.url, { method: 'POST', body: 'x' })
      await response.text()
      answered.push(String(response.status))
    }
  })
  for (const hosts of [[3], [1, 2, 3], [2], [1, 3], [2, 3]]) {
    const changes = running.logs.filter(({ msg }) => msg === 'targets changed').length
    names.zones.set('users.internal', { a: hosts.map(host => `127.0.0.${host}`), ttl: 0 })
    const seen = (): number => running.logs.filter(({ msg }) => msg === 'targets changed').length
    await running.logged(line => changed(hosts.length)(line) && running.logs.includes(line) && seen() > changes)
  }
  on = false
  await Promise.all(clients)
  assert.ok(answered.length > 20)
  assert.deepEqual([...new Set(answered)], ['200'])
})

test('a target that has gone finishes what it has, and then its connections are closed', async t => {
  const held: ServerResponse[] = []
  const target: TestTarget = await startTarget(t, (_request, response) => {
    response.write('begun ')
    held.push(response)
  })
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'] } })
  const running = await startGateway(t, discovering(target.port, names))
  const closed = new Promise<void>(resolve => { target.server.once('connection', socket => { socket.once('close', () => resolve()) }) })
  const answer = await fetch(running.url)
  names.zones.delete('users.internal')
  await running.logged(changed(0))
  assert.equal((await fetch(running.url)).status, 503)
  held[0]!.end('and ended')
  assert.equal(await answer.text(), 'begun and ended')
  await closed
})

test('a target that has gone is not probed any more, also when it goes during a probe', async t => {
  let probes = 0
  const target = await startTarget(t, (request, response) => {
    if (request.url !== '/health') return response.end('it')
    probes++
    target.server.emit('probe', response)
  })
  const names = await startNameServer(t, { 'users.internal': { a: ['127.0.0.1'] } })
  const probed = once(target.server, 'probe')
  const keys = 'healthChecks: { active: { path: /health, interval: 100ms, timeout: 90ms } }'
  const running = await startGateway(t, discovering(target.port, names, keys))
  const [response] = await probed as [ServerResponse]
  const cut = once(response, 'close')
  names.zones.delete('users.internal')
  await running.logged(changed(0))
  await cut
  // A probe that had left before may still arrive.
  await names.asked(2)
  const before = probes
  // Twice the time of a probe, by another clock.
  await names.asked(4)
  assert.equal(probes, before)
  names.zones.set('users.internal', { a: ['127.0.0.1'] })
  const again = once(target.server, 'probe')
  await running.logged(changed(1))
  await again
})
