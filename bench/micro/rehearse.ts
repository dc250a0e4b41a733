/** What the rehearsal of a request costs, in an app that stands: `node bench/micro/rehearse.ts` */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { loadConfig } from '../../src/config/load.ts'
import { systemClock } from '../../src/contract/clock.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { Generation } from '../../src/gateway/generation.ts'
import { rehearseApart } from '../../src/gateway/rehearsals.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { median } from '../statistics.ts'

const secret = 'a shared secret for the benchmark, long enough'
const rounds = 15
const yaml = `
policies:
  login: { plugin: jwt-auth, secret: "${secret}" }
  few: { plugin: rate-limiting, limit: 1000/h }
upstreams:
  users: { targets: ["http://127.0.0.1:9", "http://127.0.0.1:10"], circuitBreaker: {} }
routes:
  - { path: /users/*, methods: [GET], upstream: users, policies: [few, login] }
`

const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
const file = join(folder, 'gateway.yaml')
writeFileSync(file, yaml)
const context = {
  holdings: new Holdings(),
  logger: pino({ level: 'silent' }),
  clock: systemClock,
  random: Math.random,
  control: {} as never,
  env: {}
}
const generation = await Generation.build(await loadConfig(file, { env: {}, rootPlugins }), context)
rmSync(folder, { recursive: true })
const authorization = `Bearer ${mint({ secret, algorithm: 'HS256' }, { sub: 'ada', expiresIn: 3_600_000, now: Date.now() })}`
const request = { method: 'GET', url: '/users/7?a=1', headers: { authorization } }

await measure('a rehearsal, in the app that stands', 2000, async () => await generation.rehearsals.rehearse(request))
await measure('a rehearsal, in an app of its own', 5, async () => await rehearseApart(generation, context, request))
await generation.close()

/** Prints microseconds of the processor per call, and calls in a second of it: medians of rounds. The first third warms up. */
async function measure (name: string, times: number, once: () => Promise<unknown>): Promise<void> {
  const costs: number[] = []
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage()
    for (let time = 0; time < times; time++) await once()
    const { user, system } = process.cpuUsage(before)
    costs.push((user + system) / times)
  }
  const cost = median(costs.slice(rounds / 3))
  console.log(`${name.padEnd(60)} ${cost.toFixed(0).padStart(6)} µs ${(1_000_000 / cost).toFixed(0).padStart(6)}/s`)
}
