/** A hundred gateways, one after the other, leave a process as it was. */

import assert from 'node:assert/strict'
import test from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createGateway } from '../../src/index.ts'
import { startTarget } from '../helpers/target.ts'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

const starts = 100

/** Generous: the caches of libraries come and go by a few megabytes. */
const mostGrowth = 10 * 1024 * 1024

test('a hundred starts and stops leave no handle, no listener and no memory', async t => {
  const target = await startTarget(t)
  const config = {
    server: { host: '127.0.0.1', port: 0 },
    admin: { port: 0 },
    logging: { level: 'silent' },
    upstreams: {
      users: {
        targets: [target.url],
        circuitBreaker: { failures: 5, openFor: '30s' },
        healthChecks: { active: { path: '/', interval: '5s' }, passive: { window: '30s', errorRate: 0.5, minRequests: 10 } }
      }
    },
    policies: {
      login: { plugin: 'jwt-auth', secret: 'a secret of more than thirty-two bytes', algorithms: ['HS256'] },
      limit: { plugin: 'rate-limiting', limit: '1000/s', key: 'ip' }
    },
    tracing: { endpoint: '127.0.0.1:9', sample: 0 },
    routes: [
      { path: '/users/*', upstream: 'users', policies: ['limit'] },
      { path: '/login', respond: { text: 'in' }, policies: ['limit', 'login'] }
    ]
  }
  const times = { start: [] as number[], stop: [] as number[] }

  const once = async (): Promise<void> => {
    const gateway = createGateway({ config, env: {} })
    const begun = performance.now()
    const { proxy } = await gateway.start()
    times.start.push(performance.now() - begun)
    const statuses = [await gateway.inject('/login'), await gateway.inject('/users/1')].map(({ statusCode }) => statusCode)
    assert.deepEqual([...statuses, (await fetch(`${proxy}/users/2`)).status], [401, 200, 200])
    const ended = performance.now()
    await gateway.close()
    times.stop.push(performance.now() - ended)
  }

  for (let warm = 0; warm < 5; warm++) await once()
  const before = await state()
  for (let start = 0; start < starts; start++) await once()
  const after = await state()

  assert.deepEqual(after.handles, before.handles)
  assert.deepEqual(after.listeners, before.listeners)
  const grown = after.heap - before.heap
  assert.ok(grown < mostGrowth, `the heap has grown by ${grown} bytes`)
  const middle = (all: number[]): string => all.toSorted((a, b) => a - b)[all.length >> 1]!.toFixed(1)
  t.diagnostic(`start ${middle(times.start)} ms, stop ${middle(times.stop)} ms (medians), heap ${(grown / 1024).toFixed(0)} KB more`)
})

/** What a process holds once everything that ends by itself has ended. */
async function state (): Promise<{ heap: number, handles: Record<string, number>, listeners: Record<string, number> }> {
  for (let turn = 0; turn < 10; turn++) {
    collect()
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1
  const listeners = Object.fromEntries(process.eventNames().map(name => [String(name), process.listenerCount(name)]))
  return { heap: process.memoryUsage().heapUsed, handles, listeners }
}
