/**
 * What a rate limit costs: time a decision, and memory with a million clients, at its peak and after they have gone.
 *
 *   node --expose-gc bench/rate-limiting.ts [redis://…]
 *
 * With the URL of a Redis also what a decision costs when it is shared: asked for one by one, and leased.
 */

import { lookup } from 'node:dns'
import { performance } from 'node:perf_hooks'
import { compileRules, timeAlgorithms } from '../plugins/policies/rate-limiting/algorithm.ts'
import { takeLocally } from '../plugins/policies/rate-limiting/local-limit.ts'
import { RedisConnection } from '../plugins/policies/rate-limiting/redis-connection.ts'
import { SharedLimit, type Pool, type SharedVerdict } from '../plugins/policies/rate-limiting/shared-limit.ts'
import { Table } from '../plugins/policies/rate-limiting/table.ts'
import { tableOf } from '../test/rate-limiting/tables.ts'

const clients = 1_000_000
const collect = (globalThis as { gc?: () => void }).gc
if (collect === undefined) throw new Error('run with --expose-gc')

const keys = Array.from({ length: clients }, (_, index) => `i10.${index >> 16 & 255}.${index >> 8 & 255}.${index & 255}`)

for (const algorithm of timeAlgorithms) {
  const rules = compileRules(algorithm, [{ limit: 10, window: 1000 }, { limit: 1000, window: 3_600_000 }], undefined)
  for (const [name, some] of [['one limit', rules.slice(0, 1)], ['two limits', rules]] as const) {
    collect()
    const before = process.memoryUsage().heapUsed
    const { table } = tableOf(some, clients)
    const times = new Float64Array(clients)
    for (const [index, key] of keys.entries()) {
      const from = performance.now()
      takeLocally(table, some, key, 1, () => 1000)
      times[index] = performance.now() - from
    }
    collect()
    const peak = process.memoryUsage().heapUsed - before
    const from = performance.now()
    for (let round = 0; round < 5; round++) for (const key of keys) takeLocally(table, some, key, 1, () => 1001)
    const warm = (performance.now() - from) / clients / 5
    while (table.size > 0) table.sweep(1e9, 5000)
    collect()
    const after = process.memoryUsage().heapUsed - before
    times.sort()
    print(`${algorithm}, ${name}`, {
      'decision, new client, p50 / p99': `${micro(times[clients / 2]!)} / ${micro(times[Math.floor(clients * 0.99)]!)}`,
      'decision, known client, mean': micro(warm),
      'memory with 1 000 000 clients': `${mega(peak)}, ${Math.round(peak / clients)} bytes each`,
      'memory after they have gone': mega(after)
    })
  }
}

const url = process.argv[2]
if (url !== undefined) await shared(url)

async function shared (url: string): Promise<void> {
  const connection = new RedisConnection({
    url,
    prefix: 'bench:',
    names: { lookup, doubt () {} },
    id: 'bench',
    now: () => performance.now(),
    random: Math.random
  })
  await connection.open()
  if (!connection.up) throw new Error('Redis does not answer', { cause: connection.failure })
  for (const lease of [0, 100]) {
    const rules = {
      algorithm: 'token-bucket' as const,
      rules: compileRules('token-bucket', [{ limit: 1_000_000, window: 1000 }], undefined),
      keyPrefix: `bench:{${lease}:`
    }
    const limit = new SharedLimit({
      connection,
      counts: {
        entries: tableOf(rules.rules, 1000).table,
        pools: new Table<Pool>(1000, pool => pool.idleAt)
      },
      now: () => performance.now(),
      timeout: 1000,
      lease,
      threads: 1,
      alone: true
    })
    const decisions = 200_000
    const times: number[] = []
    const by: Record<string, number> = {}
    const began = performance.now()
    await Promise.all(Array.from({ length: 64 }, async () => {
      while (times.length < decisions) {
        const from = performance.now()
        const verdict: SharedVerdict | undefined = await limit.take(rules, 'one', 1)
        times.push(performance.now() - from)
        by[verdict?.by ?? 'nobody'] = (by[verdict?.by ?? 'nobody'] ?? 0) + 1
      }
    }))
    const took = performance.now() - began
    times.sort((a, b) => a - b)
    print(`Redis, 64 at once, lease: ${lease}ms`, {
      'decisions a second': Math.round(times.length / took * 1000).toLocaleString('en'),
      'decision, p50 / p99': `${micro(times[times.length >> 1]!)} / ${micro(times[Math.floor(times.length * 0.99)]!)}`,
      'decided by': JSON.stringify(by)
    })
  }
  connection.close()
}

function print (title: string, rows: Readonly<Record<string, string>>): void {
  console.log(title)
  for (const [name, value] of Object.entries(rows)) console.log(`  ${name.padEnd(34)} ${value}`)
}

function micro (ms: number): string {
  return `${(ms * 1000).toFixed(2)} µs`
}

function mega (bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`
}
