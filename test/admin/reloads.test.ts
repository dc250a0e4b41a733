/** What the admin listener tells of earlier configurations, and how one of them serves again. */

import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { load } from 'js-yaml'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'

interface Reload {
  readonly number: number
  readonly result: string
  readonly trigger: string
  readonly by?: string
  readonly reason?: string
  readonly generation?: number
  readonly restores?: number
  readonly changes?: { added: number, removed: number, changed: number }
  readonly problems?: readonly string[]
}
interface Reloads {
  readonly file?: string
  readonly included?: number
  readonly restored?: { number: number, by: string, reason: string, until: string }
  readonly reloads: readonly Reload[]
}

const responding = (text: string, more = ''): string => `${more}routes: [{ path: /, respond: { text: "${text}" } }]\n`
const get = async <T> (url: string): Promise<T> => await (await fetch(url)).json() as T
const post = async (url: string): Promise<{ status: number, body: Record<string, unknown> }> => {
  const response = await fetch(url, { method: 'POST' })
  return { status: response.status, body: await response.json() as Record<string, unknown> }
}
const body = async (url: string): Promise<string> => await (await fetch(url)).text()

async function reload ({ admin, write }: TestGateway, yaml: string): Promise<number> {
  write(yaml)
  return (await post(`${admin}/reload`)).status
}

test('GET /reloads tells of every configuration, served or refused, who asked for it and what it changed, the newest first', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin } = gateway
  assert.equal(await reload(gateway, responding('two', 'policies: { inside: { plugin: ip-filter, allow: [10.0.0.0/8] } }\n')), 200)
  assert.equal(await reload(gateway, 'routes: [{ path: /, respnd: {} }]'), 422)
  const { reloads, restored } = await get<Reloads>(`${admin}/reloads`)
  assert.equal(restored, undefined)
  assert.deepEqual(reloads.map(({ number, result, trigger, by, generation }) => [number, result, trigger, by, generation]), [
    [3, 'refused', 'admin', '127.0.0.1', undefined],
    [2, 'serving', 'admin', '127.0.0.1', 2],
    [1, 'served', 'start', undefined, 1]
  ])
  assert.match(reloads[0]!.problems![0]!, /gateway\.yaml:3:\d+ {2}unknown key "respnd".*\n.*\| routes:.*\n.*\^{6}/)
  assert.deepEqual(reloads[1]!.changes, { added: 1, removed: 0, changed: 1 })
})

test('GET /reloads/NUMBER is the effective configuration as YAML, and its diff names the places that changed', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin } = gateway
  await reload(gateway, responding('two'))
  await reload(gateway, responding('three', 'server: { host: 127.0.0.1, port: 0, shutdown: { timeout: 5s } }\n'))
  const first = await fetch(`${admin}/reloads/1`)
  assert.equal(first.headers.get('content-type'), 'application/yaml; charset=utf-8')
  const { routes } = load(await first.text()) as { routes: { respond: { text: string } }[] }
  assert.equal(routes[0]!.respond.text, 'one')
  const diff = await get<{ from: number, to: number, diff: string, places: unknown }>(`${admin}/reloads/3/diff`)
  assert.deepEqual([diff.from, diff.to], [2, 3])
  assert.match(diff.diff, /^--- configuration 2\n\+\+\+ configuration 3\n@@ /)
  assert.match(diff.diff, /\n- {4}timeout: 30s\n\+ {4}timeout: 5s\n/)
  assert.deepEqual(diff.places, [
    { place: 'server.shutdown.timeout', change: 'changed' },
    { place: 'routes[/].respond.text', change: 'changed' }
  ])
  const back = await get<{ diff: string }>(`${admin}/reloads/1/diff?with=3`)
  assert.match(back.diff, /\n- +text: three\n\+ +text: one\n/)
  assert.equal(await body(`${admin}/config?format=yaml`), await body(`${admin}/reloads/3`))
})

test('POST /reloads/NUMBER/restore makes an earlier configuration serve until the next reload, and everybody is told', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin, url, logged } = gateway
  await reload(gateway, responding('two'))
  const { status, body: verdict } = await post(`${admin}/reloads/1/restore?reason=rollback`)
  assert.deepEqual([status, verdict['ok']], [200, true])
  assert.match(String(verdict['until']), /the file on disk is not in use/)
  assert.equal(await body(url), 'one')
  const { reloads, restored } = await get<Reloads>(`${admin}/reloads`)
  assert.deepEqual([restored!.number, restored!.by, restored!.reason], [1, '127.0.0.1', 'rollback'])
  assert.deepEqual([reloads[0]!.trigger, reloads[0]!.restores, reloads[0]!.result], ['restore', 1, 'serving'])
  assert.equal((await get<Reloads>(`${admin}/readyz?verbose`)).restored!.number, 1)
  const [event] = await get<Record<string, unknown>[]>(`${admin}/events?type=configuration-restored`)
  assert.deepEqual([event!['restores'], event!['reason']], [1, 'rollback'])
  const line = await logged(({ msg }) => msg === 'an earlier configuration serves again')
  assert.deepEqual([line['restores'], line['by'], line['reason']], [1, '127.0.0.1', 'rollback'])
  assert.equal((await post(`${admin}/reload`)).status, 200)
  assert.equal(await body(url), 'two')
  assert.equal((await get<Reloads>(`${admin}/readyz?verbose`)).restored, undefined)
})

test('the event and the log line of a reload say which operator asked for it, and why', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin, logged, write } = gateway
  write(responding('two'))
  assert.equal((await post(`${admin}/reload?reason=new+text`)).status, 200)
  assert.equal(await reload(gateway, 'routes: 5'), 422)
  await post(`${admin}/reloads/1/restore?reason=rollback`)
  assert.equal((await post(`${admin}/reload?reason=${'x'.repeat(201)}`)).status, 400)
  await gateway.gateway.reload('SIGHUP')
  const events = await get<Record<string, unknown>[]>(`${admin}/events?type=configuration-reloaded,configuration-refused`)
  assert.deepEqual(events.map(({ type, trigger, by, via, reason }) => [type, trigger, by, via, reason]), [
    ['configuration-reloaded', 'admin', '127.0.0.1', 'loopback', 'new text'],
    ['configuration-refused', 'admin', '127.0.0.1', 'loopback', undefined],
    ['configuration-reloaded', 'restore', '127.0.0.1', 'loopback', 'rollback'],
    ['configuration-refused', 'SIGHUP', undefined, undefined, undefined]
  ])
  const line = await logged(({ msg }) => msg === 'configuration reloaded')
  assert.deepEqual([line['trigger'], line['by'], line['via'], line['reason']], ['admin', '127.0.0.1', 'loopback', 'new text'])
  const [last] = (await get<Reloads>(`${admin}/reloads`)).reloads.filter(({ reason }) => reason === 'new text')
  assert.equal(last!.number, 2)
})

test('after a broken save, restoring leaves its problems in view until a good one takes over', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin, url } = gateway
  const lastReload = async () => (await get<{ lastReload: { ok: boolean, problems?: string[] } }>(`${admin}/readyz?verbose`)).lastReload
  await reload(gateway, responding('two'))
  await reload(gateway, 'routes: [{ path: /, respnd: {} }]')
  assert.equal((await post(`${admin}/reloads/1/restore`)).status, 200)
  assert.equal(await body(url), 'one')
  assert.match((await lastReload()).problems![0]!, /unknown key "respnd"/)
  await reload(gateway, responding('three'))
  assert.deepEqual(await lastReload(), { ok: true })
})

test('a watched file that changes after a restore takes over, and not before', async t => {
  const gateway = await startGateway(t, responding('one'), { watch: true })
  const { admin, url, write, logged } = gateway
  await reload(gateway, responding('two'))
  await post(`${admin}/reloads/1/restore`)
  assert.equal(await body(url), 'one')
  // The first change may have been seen by the watch too.
  const { generation: before } = await (await fetch(`${admin}/readyz?verbose`)).json() as { readonly generation: number }
  write(responding('three'))
  await logged(({ msg, trigger, generation }) => msg === 'configuration reloaded' && trigger === 'file' && Number(generation) > before)
  assert.equal(await body(url), 'three')
})

test('a restored configuration includes the files that it had, whatever has become of them', async t => {
  const part = (name: string): string => `routes: [{ path: /${name}, respond: { text: "old ${name}" } }]\n`
  const gateway = await startGateway(t, 'include: parts/*.yaml\n', { files: { 'parts/a.yaml': part('a'), 'parts/b.yaml': part('b') } })
  const { admin, url, folder, file } = gateway
  const { file: read, included } = await get<Reloads>(`${admin}/reloads`)
  assert.deepEqual([read, included], [file, 2])
  rmSync(join(folder, 'parts/a.yaml'))
  writeFileSync(join(folder, 'parts/b.yaml'), 'routes: [{ path: /b, respond: { text: "new b" } }]\n')
  writeFileSync(join(folder, 'parts/c.yaml'), part('c'))
  assert.equal((await post(`${admin}/reload`)).status, 200)
  assert.deepEqual(await Promise.all(['/a', '/b', '/c'].map(async path => (await fetch(url + path)).status)), [404, 200, 200])
  assert.equal((await post(`${admin}/reloads/1/restore`)).status, 200)
  assert.deepEqual(await Promise.all(['/a', '/b'].map(async path => await body(url + path))), ['old a', 'old b'])
  assert.equal((await fetch(`${url}/c`)).status, 404)
})

test('a configuration that needs a secret which is gone is refused when it is restored, and the current one serves on', async t => {
  const secret = '${file:secret}'
  const files = { secret: 'canary-secret' }
  const gateway = await startGateway(t, responding('one', `admin: { port: 0, token: "${secret}" }\n`), { files })
  const { admin, folder, url, write } = gateway
  const authorization = 'Bearer canary-secret'
  const ask = async (path: string, method = 'GET') => await fetch(admin + path, { method, headers: { authorization } })
  const policies = 'policies: { tokens: { plugin: jwt-auth, secret: canary-canary-canary-canary-canary } }\n'
  write(responding('two', policies))
  assert.equal((await ask('/reload', 'POST')).status, 200)
  rmSync(join(folder, 'secret'))
  const answer = await ask('/reloads/1/restore', 'POST')
  assert.equal(answer.status, 422)
  assert.match(await answer.text(), /cannot read .*secret: no such file/)
  assert.equal(await body(url), 'two')
  const texts = await Promise.all(['/reloads', '/reloads/1', '/reloads/2', '/reloads/2/diff', '/config?format=yaml', '/events'].map(
    async path => await (await ask(path)).text()
  ))
  for (const text of texts) assert.doesNotMatch(text, /canary/)
})

test('what is not kept, was refused or serves already cannot be restored, and the response says what can', async t => {
  const gateway = await startGateway(t, responding('one'))
  const { admin } = gateway
  await reload(gateway, 'routes: 5')
  for (const number of ['2', '9']) {
    const { status, body: problem } = await post(`${admin}/reloads/${number}/restore`)
    assert.equal(status, 404)
    assert.match(String(problem['detail']), /was refused, or is not kept; these are: 1$/)
  }
  assert.equal((await post(`${admin}/reloads/1/restore`)).status, 400)
  assert.equal((await post(`${admin}/reloads/one/restore`)).status, 400)
  assert.equal((await post(`${admin}/reloads/1/restore?reason=${'x'.repeat(201)}`)).status, 400)
  assert.equal((await fetch(`${admin}/reloads/1/diff`)).status, 404)
  assert.equal((await fetch(`${admin}/config?format=xml`)).status, 400)
})

test('GET /routes says in which file and line each route is written', async t => {
  const { admin, file, folder } = await startGateway(t, 'include: more.yaml\nroutes:\n  - { path: /a, respond: {} }\n', {
    files: { 'more.yaml': '\nroutes: [{ path: /b, respond: {} }]\n' }
  })
  const routes = await get<{ place: string }[]>(`${admin}/routes`)
  assert.deepEqual(routes.map(({ place }) => place), [`${file}:5`, `${join(folder, 'more.yaml')}:2`])
})
