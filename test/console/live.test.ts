/** `GET /live`: what viewers get, how many there may be, and when it ends. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { watch } from './watching.ts'

const token = 'a-token-of-some-length'
const yaml = `
upstreams: { users: { targets: [http://127.0.0.1:1, http://127.0.0.1:2] } }
routes: [{ path: /, respond: {} }, { path: /users, upstream: users }]
`

async function reload ({ admin, write }: TestGateway, text: string, headers: Record<string, string> = {}): Promise<number> {
  write(text)
  return (await fetch(`${admin}/reload`, { method: 'POST', headers })).status
}

for (const threads of [1, 2]) {
  test(`a viewer gets all there is and then what changes, also after a reload, with ${threads} thread(s)`, async t => {
    const server = `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n`
    const gateway = await startGateway(t, server + yaml, { threaded: true })
    const viewer = await watch(t, gateway.admin)
    assert.equal(viewer.head.headers['content-type'], 'text/event-stream')
    assert.equal(viewer.head.headers['cache-control'], 'no-store')
    const { data } = await viewer.until(({ event }) => event === 'snapshot')
    const ready = await (await fetch(`${gateway.admin}/readyz?verbose`)).json() as Record<string, unknown>
    const { threads: serving = [], ...state } = ready as { threads?: { number: number }[] }
    assert.deepEqual(data.values['gateway'], state)
    assert.deepEqual(Object.keys(data.tables['threads']!), serving.map(({ number }) => String(number)))
    const [users] = await (await fetch(`${gateway.admin}/upstreams`)).json() as [Record<string, unknown>]
    assert.deepEqual(data.tables['upstreams'], { users })

    assert.equal(await reload(gateway, server + yaml.replace(', http://127.0.0.1:2', '')), 200)
    const delta = await viewer.until(message => message.event === 'delta' && 'gateway' in message.data.values)
    assert.equal((delta.data.values['gateway'] as { generation: number }).generation, 2)
    // A look that falls into the reload may see one of them before the other.
    const { data: { tables } } = await viewer.until(message => message.event === 'delta' && message.data.tables['upstreams'] !== undefined)
    assert.equal((tables['upstreams']!['users'] as { targets: unknown[] }).targets.length, 1)
    assert.equal(await reload(gateway, `${server}routes: [{ path: /, respond: {} }]`), 200)
    await viewer.until(message => message.data.tables['upstreams']?.['users'] === null)
    assert.equal(viewer.messages().filter(({ event }) => event === 'snapshot').length, 1)
  })
}

test('a field with which the gateway asks itself changes nothing for a client', async t => {
  const { admin } = await startGateway(t, yaml)
  const viewer = await watch(t, admin)
  await viewer.until(() => true)
  const headers = { 'x-onedoor-answer': ' 1' }
  assert.deepEqual(await (await fetch(`${admin}/threads`, { headers })).json(), [])
})

test('a viewer may leave out tables with many rows, and is told which there are', async t => {
  const { admin } = await startGateway(t, yaml)
  const viewer = await watch(t, admin, {}, '/live?tables=upstreams')
  const { data: { tables } } = await viewer.until(({ event }) => event === 'snapshot')
  assert.deepEqual(Object.keys(tables).toSorted(), ['policies', 'threadTraffic', 'threads', 'upstreams'])
  for (const path of ['/live?tables=users', '/traffic?rows=users']) {
    const response = await fetch(admin + path)
    assert.equal(response.status, 400)
    assert.match((await response.json() as { detail: string }).detail, /must be a list of routes, upstreams/)
  }
})

test('a ninth viewer is told to come back, and gets in when one has left', async t => {
  const { admin } = await startGateway(t, yaml)
  const viewers = await Promise.all(Array.from({ length: 8 }, async () => await watch(t, admin)))
  await Promise.all(viewers.map(async ({ until }) => await until(() => true)))
  const ninth = await send(admin, '/live')
  assert.equal(ninth.status, 503)
  assert.equal(ninth.headers['retry-after'], '5')
  viewers[0]!.leave()
  // The gateway hears of it a moment later.
  let status = 503
  while (status === 503) ({ head: { statusCode: status = 0 } } = await watch(t, admin))
  assert.equal(status, 200)
})

test('a viewer is sent away when its token is none any more', async t => {
  const section = (secret: string): string => `admin: { port: 0, token: ${secret} }\n`
  const gateway = await startGateway(t, section(token) + yaml)
  const viewer = await watch(t, gateway.admin, { authorization: `Bearer ${token}` })
  await viewer.until(() => true)
  assert.equal(await reload(gateway, section('another-token-of-length') + yaml, { authorization: `Bearer ${token}` }), 200)
  await viewer.ended
})

test('a gateway that shuts down ends the stream', async t => {
  const { admin, gateway } = await startGateway(t, yaml)
  const viewer = await watch(t, admin)
  await viewer.until(() => true)
  await gateway.close(0)
  await viewer.ended
})
