/** Two gateways in one process share no state, also where all their names are the same. */

import assert from 'node:assert/strict'
import { Writable } from 'node:stream'
import test, { type TestContext } from 'node:test'
import { pino } from 'pino'
import { createGateway, type EmbeddedGateway } from '../../src/index.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

interface Side {
  readonly gateway: EmbeddedGateway
  readonly target: TestTarget
  readonly admin: string
  readonly proxy: string
  readonly lines: string[]
}

/** The same configuration on both sides, but for the target. */
async function startSide (t: TestContext, side: string): Promise<Side> {
  const target = await startTarget(t, (_request, response) => {
    response.statusCode = side === 'failing' ? 500 : 200
    response.end(side)
  })
  const lines: string[] = []
  const stream = new Writable({ write (chunk: Buffer, _encoding, done) { lines.push(chunk.toString()); done() } })
  const gateway = createGateway({
    env: {},
    logger: pino({ level: 'info' }, stream),
    config: {
      server: { host: '127.0.0.1', port: 0 },
      admin: { port: 0 },
      upstreams: { one: { targets: [target.url], circuitBreaker: { failures: 2, openFor: '1h' } } },
      policies: { twice: { plugin: 'rate-limiting', limit: '2/h', key: 'ip' } },
      routes: [
        { path: '/limited', respond: {}, policies: ['twice'] },
        { path: `/only-${side}`, respond: {} },
        { path: '/*', upstream: 'one' }
      ]
    }
  })
  t.after(async () => { await gateway.close({ timeout: 0 }) })
  const { proxy, admin } = await gateway.start()
  return { gateway, target, proxy, admin: admin!, lines }
}

async function statuses ({ gateway }: Side, url: string, times: number): Promise<number[]> {
  const found: number[] = []
  for (let time = 0; time < times; time++) found.push((await gateway.inject(url)).statusCode)
  return found
}

test('limits, breakers, events, metrics, logs and drains are those of one gateway', async t => {
  const listeners = processListeners()
  const [a, b] = [await startSide(t, 'failing'), await startSide(t, 'well')]
  assert.deepEqual(processListeners().filter(name => !listeners.includes(name)), [], 'a gateway listens to no event of the process')

  assert.deepEqual(await statuses(a, '/limited', 3), [200, 200, 429])
  assert.deepEqual(await statuses(b, '/limited', 3), [200, 200, 429])
  assert.deepEqual(await statuses(a, '/x', 3), [500, 500, 503])
  assert.deepEqual(await statuses(b, '/x', 3), [200, 200, 200])

  const metrics = await Promise.all([a, b].map(async ({ admin }) => await (await fetch(`${admin}/metrics`)).text()))
  assert.deepEqual(metrics.map(text => [text.includes('/only-failing'), text.includes('/only-well')]), [[true, false], [false, true]])
  assert.deepEqual(metrics.map(text => text.includes(`target="${a.target.url}"`)), [true, false])
  assert.deepEqual(metrics.map(text => /requests_total\{[^}]*route="\/\*"[^}]*\} (\d+)/.exec(text) === null), [false, false])

  const opened = async ({ admin }: Side): Promise<boolean> => (await (await fetch(`${admin}/events`)).text()).includes('circuit-opened')
  assert.deepEqual([await opened(a), await opened(b)], [true, false])
  assert.deepEqual([a, b].map(({ lines }) => lines.some(line => line.includes('circuit opened'))), [true, false])

  await fetch(`${a.admin}/log-level?level=error`, { method: 'PUT' })
  await fetch(`${a.admin}/upstreams/one/drain?force=true&target=${encodeURIComponent(a.target.url)}`, { method: 'POST' })
  assert.equal(((await (await fetch(`${b.admin}/log-level`)).json()) as { level: string }).level, 'info')
  assert.deepEqual(await statuses(b, '/x', 1), [200])

  assert.equal((await a.gateway.reload({ routes: [{ path: '/other', respond: {} }] })).ok, true)
  assert.deepEqual([await statuses(a, '/x', 1), await statuses(b, '/x', 1)], [[404], [200]])
  assert.equal(await a.gateway.close(), 0)
  assert.equal(await (await fetch(`${b.proxy}/x`)).text(), 'well')
  assert.deepEqual(await statuses(b, '/x', 1), [200])
})

function processListeners (): string[] {
  return process.eventNames().flatMap(name => process.listeners(name as 'exit').map((_, index) => `${String(name)} ${index}`))
}
