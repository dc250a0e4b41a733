/**
 * The files that the storm's gateway runs on: one at rest, many in the storm, and broken ones. All of them
 * keep the promises that are judged.
 */

import { fileURLToPath } from 'node:url'

const measure = fileURLToPath(new URL('measure.ts', import.meta.url))
const listeners = (threads: number): string => `server: { host: 127.0.0.1, port: 0, threads: ${threads}, shutdown: { timeout: 20s } }
admin: { port: 0 }
`

/** Nothing is proxied, so nothing may be held. */
export const resting = (threads: number): string => `${listeners(threads)}
policies:
  measure: { plugin: ${JSON.stringify(measure)} }
routes:
  - { path: /heap, respond: { json: { at: rest } }, policies: [measure] }
`

export interface Places {
  /** Threads of the gateway. */
  readonly threads: number
  /** Targets that are always well. */
  readonly well: readonly string[]
  /** Targets of which at most one misbehaves at any time. */
  readonly shaky: readonly string[]
  /** File with discovered targets. */
  readonly found: string
  readonly redis: string | undefined
}

const list = (urls: readonly string[]): string => `[${urls.map(url => JSON.stringify(url)).join(', ')}]`
const pick = <T>(random: () => number, ...values: readonly T[]): T => values[Math.floor(random() * values.length)]!

/** A sound file. What differs from one to the next must cost no request. */
export function stormy ({ threads, well, shaky, found, redis }: Places, random: () => number): string {
  const balance = pick(random, 'round-robin', 'least-connections', 'power-of-two', 'random')
  const checks = pick(
    random,
    '',
    '    healthChecks: { active: { path: /health, interval: 600ms, timeout: 500ms, unhealthyAfter: 2, healthyAfter: 1 }, ' +
      'whenNoneHealthy: fail-open }\n'
  )
  const store = redis === undefined
    ? ''
    : `, store: { redis: ${JSON.stringify(redis)}, timeout: ${pick(random, '20ms', '50ms')}, whenUnavailable: local }`
  return `${listeners(threads)}
policies:
  limited: { plugin: rate-limiting, limit: ${pick(random, 100000, 200000)}/s, key: ip${store} }
  capped: { plugin: rate-limiting, algorithm: concurrency, limit: 200, key: global }
upstreams:
  well:
    targets: ${list(well)}
    balance: ${balance}
    timeouts: { response: ${pick(random, '60s', '61s')}, total: 120s }
  shaky:
    targets: ${list(shaky)}
    balance: ${balance}
    timeouts: { connect: 3s, response: 3s, idle: 1s, total: 60s }
    retry: { attempts: 4, on: [connect, reset, timeout, malformed, 503], bufferBody: ${pick(random, '0b', '64kib')},
      budget: { ratio: 1, minimum: 1000 } }
    circuitBreaker: { failures: ${pick(random, 5, 8)}, openFor: ${pick(random, '200ms', '300ms')} }
${checks}  found:
    targets: [{ file: ${JSON.stringify(found)} }]
    balance: ${balance}
    timeouts: { response: 60s, total: 120s }
routes:
  - { path: /well/*, upstream: well${pick(random, '', ', responseHeaders: { set: { x-storm: "yes" } }')} }
  - { path: /limited/*, upstream: well, policies: [limited] }
  - { path: /capped/*, upstream: well, policies: [${pick(random, 'capped', 'capped, limited')}] }
  - { path: /shaky/*, upstream: shaky, policies: [capped] }
  - { path: /found/*, upstream: found }
${pick(random, '', '  - { path: /extra, respond: { status: 204 } }\n')}`
}

/** The same with a problem: the previous file must stay in use. */
export function broken (sound: string, random: () => number): string {
  return pick(
    random,
    `${sound}nonsense: [`,
    `${sound}nonsense: 1\n`,
    sound.replace('upstream: found', 'upstream: lost'),
    sound.replace('response: 3s', 'response: 3'),
    ''
  )
}

/** The file of discovered targets, or a broken one, which changes nothing. */
export function foundTargets (urls: readonly string[], random: () => number): string {
  if (random() < 0.2) return pick(random, '', 'targets: [', 'targets: [{ ulr: 1 }]')
  const some = urls.filter(() => random() < 0.6)
  return `targets: ${list(some.length === 0 ? [pick(random, ...urls)] : some)}\n`
}
