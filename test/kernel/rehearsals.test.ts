/** One app rehearses all requests of a generation, as long as nothing speaks against it. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite, test, type TestContext } from 'node:test'
import { pino } from 'pino'
import { loadConfig } from '../../src/config/load.ts'
import { systemClock } from '../../src/contract/clock.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { Generation } from '../../src/gateway/generation.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { features, filesOf } from '../helpers/features.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService, startTarget } from '../helpers/target.ts'

const noting = 'export default async function ({ gateway }) { if (gateway.rehearsal) gateway.env.built() }\n'

/** A gateway with a plugin that counts how often an app was built for rehearsals. */
async function start (t: TestContext, yaml: string, files: Readonly<Record<string, string>> = {}) {
  let built = 0
  const env = { built: () => { built++ } } as never
  const gateway = await startGateway(t, `plugins: [./noting.mjs]\n${yaml}`, {
    files: { 'noting.mjs': noting, ...files },
    env,
    // What is decided by chance, such as sampling, is decided alike each time.
    random: () => 0.5
  })
  return { ...gateway, built: () => built }
}

suite('one app for all rehearsals', () => {
  for (const [feature, yaml] of Object.entries(features)) {
    test(`with ${feature}`, async t => {
      const { url } = await startService(
        t,
        (_request, response) => { response.setHeader('content-type', 'application/json').end('{"keys":[]}') }
      )
      const { gateway, built } = await start(t, yaml(url), filesOf(url))
      const [first, second] = [await gateway.explain({ method: 'GET', url: '/' }), await gateway.explain({ method: 'GET', url: '/' })]
      assert.deepEqual(
        [second.decisions, second.outcome.status, second.outcome.code],
        [first.decisions, first.outcome.status, first.outcome.code]
      )
      assert.equal(built(), 1)
    })
  }
})

test('rehearsals that are asked for at once run one after the other', async t => {
  const { gateway, built } = await start(
    t,
    'policies: { few: { plugin: rate-limiting, limit: 2/h } }\nroutes: [{ path: /, respond: {}, policies: [few] }]'
  )
  const all = await Promise.all(Array.from({ length: 8 }, async () => await gateway.explain({ method: 'GET', url: '/' })))
  assert.deepEqual(all.map(({ decisions }) => decisions[0]!.why), Array.from({ length: 8 }, () => '1 of 2 left for 127.0.0.1'))
  assert.equal(built(), 1)
})

test('a plugin that takes its state apart is rehearsed in the same app', async t => {
  const visits = `export default async function visits (app, { policy }) {
    const { state } = app.gateway
    const second = state({ kind: 'visits', key: policy, cells: 2 }).subarray(1)
    app.addHook('onRequest', async ({ exchange }) => {
      second[0]++
      exchange.decisions?.push({ by: policy, verdict: 'counted', why: 'visit ' + second[0] })
    })
  }`
  const { gateway, built, url } = await start(
    t,
    'policies: { visits: { plugin: ./visits.mjs } }\nroutes: [{ path: /, respond: {}, policies: [visits] }]',
    { 'visits.mjs': visits }
  )
  const why = async (): Promise<string> => (await gateway.explain({ method: 'GET', url: '/' })).decisions[0]!.why
  assert.deepEqual([await why(), await why()], ['visit 1', 'visit 1'])
  await fetch(url)
  assert.equal(await why(), 'visit 2')
  assert.equal(built(), 1)
})

test('targets that are found later are rehearsed too', async t => {
  const yaml = 'upstreams: { u: { targets: [{ file: ./targets.yaml }] } }\nroutes: [{ path: /, upstream: u }]'
  const { gateway, built, folder, logged } = await start(t, yaml, { 'targets.yaml': 'targets: ["http://127.0.0.1:1"]' })
  const target = async (): Promise<string | undefined> => (await gateway.explain({ method: 'GET', url: '/' })).outcome.target
  assert.deepEqual([await target(), await target(), built()], ['http://127.0.0.1:1', 'http://127.0.0.1:1', 1])
  writeFileSync(join(folder, 'targets.yaml'), 'targets: ["http://127.0.0.1:2"]')
  await logged(({ msg, targets }) => msg === 'targets changed' && String(targets).endsWith(':2'))
  assert.deepEqual([await target(), await target(), built()], ['http://127.0.0.1:2', 'http://127.0.0.1:2', 2])
})

test('the app is let go of after a minute or two without a rehearsal, and at the end of the generation', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  const ending = `export default async function (app) {
    if (app.gateway.rehearsal) app.addHook("onClose", async () => app.gateway.env.ended())
  }`
  writeFileSync(join(folder, 'ending.mjs'), ending)
  writeFileSync(join(folder, 'gateway.yaml'), 'plugins: [./ending.mjs]\nroutes: [{ path: /, respond: {} }]')
  let ended = 0
  const env = { ended: () => { ended++ } } as never
  const loaded = await loadConfig(join(folder, 'gateway.yaml'), { rootPlugins, env })
  const holdings = new Holdings()
  const generation = await Generation.build(loaded, {
    holdings,
    logger: pino({ level: 'silent' }),
    clock: systemClock,
    random: Math.random,
    control: {} as never,
    env
  })
  t.mock.timers.enable({ apis: ['setInterval'] })
  const rehearse = async (): Promise<unknown> => await generation.rehearsals.rehearse({ method: 'GET', url: '/' })
  for (let minute = 0; minute < 3; minute++) {
    await rehearse()
    t.mock.timers.tick(60_000)
  }
  await rehearse()
  assert.equal(ended, 0)
  t.mock.timers.tick(120_000)
  await rehearse()
  assert.equal(ended, 1)
  t.mock.timers.reset()
  await generation.close()
  assert.deepEqual([ended, holdings.size], [2, 0])
  await assert.rejects(rehearse, /replaced/)
})

test('a new configuration is rehearsed by an app of its own', async t => {
  const { gateway, built, write } = await start(t, 'routes: [{ path: /, respond: { status: 201 } }]')
  const status = async (): Promise<number> => (await gateway.explain({ method: 'GET', url: '/' })).outcome.status
  assert.equal(await status(), 201)
  write('plugins: [./noting.mjs]\nroutes: [{ path: /, respond: { status: 202 } }]')
  assert.equal((await gateway.reload('test')).ok, true)
  assert.deepEqual([await status(), await status(), built()], [202, 202, 2])
})

test('rehearsals leave no trace in the log and in the metrics', async t => {
  const target = await startTarget(t)
  const yaml = `policies: { few: { plugin: rate-limiting, limit: 1/h } }\nupstreams: { u: { targets: ["${target.url}"], ` +
    `circuitBreaker: {} } }\nroutes: [{ path: /, upstream: u, policies: [few] }]`
  const { gateway, admin, url, logs } = await start(t, yaml)
  const own = async (): Promise<string[]> => (await (await fetch(`${admin}/metrics`)).text()).split('\n')
    .filter(line => /^(gateway|http)_(?!connections)/.test(line))
  await fetch(url)
  const [before, lines] = [await own(), logs.length]
  for (const path of ['/', '/nowhere', '/']) await gateway.explain({ method: 'GET', url: path })
  assert.deepEqual(await own(), before)
  assert.equal(logs.length, lines)
})
