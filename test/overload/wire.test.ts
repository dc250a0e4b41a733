/** Overload as clients see it. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { test, type TestContext } from 'node:test'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const routes = `
routes:
  - { path: /low, upstream: users, priority: low }
  - { path: /normal, upstream: users }
  - { path: /high, upstream: users, priority: high }
  - { path: /critical, upstream: users, priority: critical }
`

interface Held {
  readonly running: TestGateway,
  readonly hits: () => number,
  readonly yaml: string,
  readonly held: (count: number) => Promise<ServerResponse[]>
}

/** A gateway with two places before a target that responds when the test says so. */
async function holding (t: TestContext, more = ''): Promise<Held> {
  const open: ServerResponse[] = []
  const target = await startTarget(t, (_request, response) => {
    open.push(response)
    target.server.emit('held')
  })
  const yaml = `
upstreams:
  users:
    targets: [${target.url}]
    adaptiveConcurrency: { initial: 2, min: 2, max: 2, shares: { normal: 0, high: 0, critical: 0.5 } }
    ${more}
${routes}`
  const held = async (count: number): Promise<ServerResponse[]> => {
    while (open.length < count) await once(target.server, 'held')
    return open
  }
  return { running: await startGateway(t, yaml), hits: () => target.hits.length, yaml, held }
}

async function code (answer: Response): Promise<[status: number, code: string]> {
  return [answer.status, (await answer.json() as { code: string }).code]
}

test('when the places of an upstream are taken, the rest is refused at once, and what is critical still has its share', async t => {
  const { running: { url, admin, gateway }, held, hits } = await holding(t)
  const first = [fetch(`${url}/low`), fetch(`${url}/normal`)]
  await held(2)
  const refused = await fetch(`${url}/high`)
  for (let count = 0; count < 30; count++) assert.match((await fetch(`${url}/normal`)).headers.get('retry-after')!, /^[123]$/)
  assert.deepEqual(await code(refused), [503, 'overloaded'])
  assert.deepEqual(await code(await fetch(`${url}/low`)), [503, 'overloaded'])
  assert.equal(hits(), 2)
  const kept = fetch(`${url}/critical`)
  const open = await held(3)
  assert.deepEqual(await code(await fetch(`${url}/critical`)), [503, 'overloaded'])

  const { decisions, outcome } = await gateway.explain({ method: 'GET', url: '/low' })
  assert.equal(outcome.code, 'overloaded')
  assert.deepEqual(
    decisions.filter(({ by }) => by === 'overload'),
    [{ by: 'overload', verdict: 'refused', why: 'priority low, 3 of 2 places of users taken' }]
  )
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  for (const line of [
    'gateway_concurrency_limit{upstream="users"} 2',
    'gateway_concurrency_active{upstream="users"} 3',
    'gateway_shed_total{reason="concurrency",priority="high"} 1',
    'gateway_shed_total{reason="concurrency",priority="low"} 1',
    'gateway_shed_total{reason="concurrency",priority="critical"} 1'
  ]) assert.ok(metrics.includes(line), line)
  const [users] = await (await fetch(`${admin}/upstreams`)).json() as { adaptiveConcurrency: object }[]
  assert.deepEqual(users!.adaptiveConcurrency, { limit: 2, active: 3 })

  for (const response of open) response.end('ok')
  for (const answer of [...first, kept]) assert.equal((await answer).status, 200)
})

test('a place is free again when the head of the response is there, however long its body takes', async t => {
  const { running: { url }, held } = await holding(t)
  const streams = [fetch(`${url}/low`), fetch(`${url}/low`)]
  for (const response of await held(2)) response.write('begun')
  for (const answer of streams) assert.equal((await answer).status, 200)
  const third = fetch(`${url}/low`)
  const open = await held(3)
  for (const response of open) response.end()
  assert.equal((await third).status, 200)
  for (const answer of streams) await (await answer).text()
})

test('a place is free again when the client leaves or the target cuts', async t => {
  const { running: { url, logged }, held } = await holding(t, 'retry: { attempts: 1 }')
  const leaving = new AbortController()
  const left = fetch(`${url}/low`, { signal: leaving.signal })
  await held(1)
  const cut = fetch(`${url}/normal`)
  const open = await held(2)
  leaving.abort()
  await assert.rejects(left)
  open[1]!.destroy()
  assert.equal((await cut).status, 502)
  await logged(line => line['code'] === 'client-closed' && line['msg'] === 'request completed')
  const next = [fetch(`${url}/low`), fetch(`${url}/low`)]
  for (const response of await held(4)) response.end()
  for (const answer of next) assert.equal((await answer).status, 200)
})

test('a reload does not forget who is waiting', async t => {
  const { running, held, yaml } = await holding(t)
  const first = [fetch(`${running.url}/low`), fetch(`${running.url}/low`)]
  await held(2)
  running.write(`${yaml}x-touched: true\n`)
  await running.gateway.reload('test')
  assert.deepEqual(await code(await fetch(`${running.url}/low`)), [503, 'overloaded'])
  for (const response of await held(2)) response.end()
  await Promise.all(first)
  const next = fetch(`${running.url}/low`)
  for (const response of await held(3)) response.end()
  assert.equal((await next).status, 200)
})

test('while the event loop lags, what is least important is refused; critical never; and it is over when the loop is calm', async t => {
  const target = await startTarget(t)
  const running = await startGateway(t, `
upstreams: { users: { targets: [${target.url}] } }
overload: { eventLoopDelay: 20ms, window: 50ms, calmFor: 300ms }
${routes}`)
  const logged = (message: string, level: number): boolean => running.logs.some(line => {
    const { msg, shed } = line as { readonly msg?: string, readonly shed?: readonly unknown[] }
    return msg === message && line['level'] !== undefined && shed?.length === level
  })
  while (!logged('event loop overloaded', 3)) {
    block(200)
    await setImmediate()
  }
  const [
    high,
    critical,
    nowhere
  ] = await Promise.all(['/high', '/critical', '/nowhere'].map(async url => await running.gateway.explain({ method: 'GET', url })))
  assert.deepEqual([high!.outcome.code, critical!.outcome.code, nowhere!.outcome.code], ['overloaded', undefined, 'overloaded'])
  assert.ok(critical!.decisions.some(({ by, verdict }) => by === 'overload' && verdict === 'allowed'))
  await running.logged(line => line['msg'] === 'event loop calm again' && (line['shed'] as unknown[]).length === 0)
  assert.equal((await fetch(`${running.url}/low`)).status, 200)
  assert.match(await (await fetch(`${running.admin}/metrics`)).text(), /^gateway_overload_level \d$/m)
})

test('each upstream has places of its own, and those of one that has gone are no longer shown', async t => {
  const { running, held, yaml } = await holding(t)
  const service = await startTarget(t)
  const taken = [fetch(`${running.url}/low`), fetch(`${running.url}/low`)]
  await held(2)
  running.write(yaml.replace(
    'upstreams:',
    `upstreams:\n  others: { targets: ['${service.url}'], adaptiveConcurrency: { initial: 2, min: 2, max: 2 } }`
  ).replace('routes:', 'routes:\n  - { path: /others, upstream: others }'))
  await running.gateway.reload('test')
  const shown = async () => await (await fetch(`${running.admin}/metrics`)).text()
  assert.equal((await fetch(`${running.url}/others`)).status, 200)
  assert.match(await shown(), /^gateway_concurrency_active\{upstream="others"\} 0$/m)
  running.write(yaml)
  await running.gateway.reload('test')
  assert.doesNotMatch(await shown(), /^gateway_concurrency_\w+\{upstream="others"\}/m)
  for (const response of await held(2)) response.end()
  for (const answer of taken) assert.equal((await answer).status, 200)
})

function block (milliseconds: number): void {
  const end = performance.now() + milliseconds
  while (performance.now() < end) ;
}
