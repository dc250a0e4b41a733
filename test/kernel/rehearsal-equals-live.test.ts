/** What a rehearsal says is what the gateway then does, and rehearsing changes nothing of it. */

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { Agent, request as send } from 'node:http'
import { test, type TestContext } from 'node:test'
import fc from 'fast-check'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import type { Rehearsal } from '../../src/contract/rehearsal.ts'

const secret = 'a shared secret for tests, long enough'
const begin = Date.UTC(2026, 0, 1)
const sign = (
  key: string,
  expiresIn: number
): string => `Bearer ${mint({ secret: key, algorithm: 'HS256' }, { sub: 'ada', expiresIn, now: begin })}`

/** Values of Authorization; `brief` expires after some steps. */
const tokens = {
  good: sign(secret, 3_600_000),
  brief: sign(secret, 5000),
  expired: sign(secret, -60_000),
  forged: sign('another secret for tests, long enough', 3_600_000),
  none: undefined
}

const yaml = ([a, b, c]: readonly string[]): string => `
policies:
  login: { plugin: jwt-auth, secret: "${secret}", clockTolerance: 0s }
  keys: { plugin: api-key, keys: [{ consumer: ada, hash: "sha256:${createHash('sha256').update('known').digest('hex')}" }] }
  bucket: { plugin: rate-limiting, limit: 3/2s, key: header:x-client }
  window: { plugin: rate-limiting, algorithm: sliding-window, limit: [2/2s, 4/10s], key: header:x-client }
  fixed: { plugin: rate-limiting, algorithm: fixed-window, limit: 2/3s, key: global }
  atOnce: { plugin: rate-limiting, algorithm: concurrency, limit: 1, key: header:x-client }
  report: { plugin: rate-limiting, limit: 1/10s, key: global, mode: report }
upstreams:
  turns: { targets: ["${a}", "${b}"], circuitBreaker: { failures: 2, openFor: 1s }, retry: { attempts: 1 } }
  shares:
    targets: [{ url: "${a}", weight: 3 }, { url: "${b}", weight: 1 }, { url: "${c}", weight: 2 }]
    balance: weighted-round-robin
    healthChecks: { passive: { window: 4s, minRequests: 2 }, outliers: { consecutive5xx: 2, ejectFor: 1s } }
    retry: { attempts: 1 }
  least: { targets: ["${a}", "${b}"], balance: least-connections, circuitBreaker: { failures: 1, openFor: 2s }, adaptiveConcurrency: {},
    retry: { attempts: 1 } }
  hashed: { targets: ["${a}", "${b}", "${c}"], balance: { algorithm: consistent-hash, key: header:x-client },
    circuitBreaker: { failures: 1, openFor: 1s }, retry: { attempts: 1 } }
  alone: { targets: ["${c}"], circuitBreaker: { failures: 1, openFor: 2s }, retry: { attempts: 1 }, fallback: turns }
routes:
  - { path: /turns/*, methods: [GET], upstream: turns, policies: [bucket, login], responseHeaders: { set: { x-route: /turns/* } } }
  - { path: /shares, upstream: shares, policies: [window, report], responseHeaders: { set: { x-route: /shares } } }
  - { path: /least, upstream: least, policies: [atOnce], responseHeaders: { set: { x-route: /least } } }
  - { path: /hashed, upstream: hashed, policies: [login, keys], responseHeaders: { set: { x-route: /hashed } } }
  - { path: /alone, upstream: alone, responseHeaders: { set: { x-route: /alone } } }
  - { path: /split, split: [{ upstream: turns, weight: 2 }, { upstream: shares, weight: 1 }], policies: [fixed],
      responseHeaders: { set: { x-route: /split } } }
  - { path: /keyed, respond: { status: 211 }, policies: [keys, bucket] }
  - { path: /keyed/*, headers: { x-client: one }, respond: { status: 212 } }
`

const proxied = ['/turns/1', '/turns/2?a=b', '/shares', '/least', '/hashed', '/alone', '/split']
const others = ['/keyed', '/keyed/x', '/nowhere', '/turns/..%2fkeyed']

const step = fc.record({
  ahead: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 2, arbitrary: fc.nat(1500) }),
  event: fc.oneof(
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('fail', 'heal', 'drain', 'undrain'), target: fc.nat(2) }) }
  ),
  url: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...proxied) }, { weight: 1, arbitrary: fc.constantFrom(...others) }),
  method: fc.oneof({ weight: 9, arbitrary: fc.constant('GET') }, { weight: 1, arbitrary: fc.constant('DELETE') }),
  token: fc.constantFrom('good', 'good', 'good', 'brief', 'expired', 'forged', 'none'),
  key: fc.constantFrom('known', 'known', 'unknown', undefined),
  client: fc.constantFrom('one', 'two'),
  /** Whether the target keeps the response until another step lets it go. */
  held: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  release: fc.constantFrom(true, false, false),
  rehearsals: fc.integer({ min: 1, max: 3 })
})

/** What a client sees. */
interface Seen {
  readonly status: number
  readonly code: string | undefined
  readonly target: string | undefined
  readonly route: string | undefined
}

/** Three services that fail or keep a response when they are told to. */
async function startServices (t: TestContext) {
  const failing = new Set<string>()
  /** The responses that are kept, and who waits for the next one. */
  const kept: (() => void)[] = []
  const services: TestTarget[] = []
  for (let index = 0; index < 3; index++) {
    services.push(await startTarget(t, (request, response) => {
      const { url } = services[index]!
      response.setHeader('x-target', url)
      response.statusCode = failing.has(url) ? 500 : 200
      if (request.headers['x-held'] === undefined) response.end()
      else kept.push(() => response.end())
    }))
  }
  return { urls: services.map(({ url }) => url), failing, kept }
}

test('a rehearsal says what the gateway then does, and changes nothing', async t => {
  const services = await startServices(t)
  const agent = new Agent({ keepAlive: true })
  t.after(() => agent.destroy())
  let cases = 0
  const verdicts = new Set<string>()

  /** A gateway whose time moves only by steps. */
  async function open () {
    const time = { now: 1000 }
    const door = await startGateway(t, yaml(services.urls), {
      clock: { now: () => time.now, wall: () => begin + time.now },
      random: () => 0.5
    })
    return { ...door, time, pending: [] as Promise<Seen>[] }
  }
  type Door = Awaited<ReturnType<typeof open>>

  const ask = async (
    { url }: TestGateway,
    path: string,
    method: string,
    headers: Record<string, string>
  ): Promise<Seen> => await new Promise((resolve, reject) => {
    send(`${url}/`, { path, method, headers, agent }, response => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const problem = String(response.headers['content-type']).startsWith('application/problem+json')
        const code = problem ? (JSON.parse(Buffer.concat(chunks).toString()) as { code: string }).code : undefined
        resolve({
          status: response.statusCode!,
          code,
          target: response.headers['x-target'] as string,
          route: response.headers['x-route'] as string
        })
      })
    }).on('error', reject).end()
  })

  /** Waits until the gateway has noticed the end of all that has ended. */
  const settled = async ({ gateway, pending }: Door): Promise<void> => {
    while (gateway.inFlight > pending.length) await new Promise(resolve => { setImmediate(resolve) })
  }

  async function live (door: Door, path: string, method: string, headers: Record<string, string>): Promise<Seen | 'kept'> {
    const before = services.kept.length
    const answer = ask(door, path, method, headers)
    let seen: Seen | undefined
    void answer.then(value => { seen = value })
    while (seen === undefined && services.kept.length === before) await new Promise(resolve => { setImmediate(resolve) })
    if (seen === undefined) door.pending.push(answer)
    await settled(door)
    return seen ?? 'kept'
  }

  async function release (doors: readonly Door[]): Promise<void> {
    for (const end of services.kept.splice(0)) end()
    for (const door of doors) {
      await Promise.all(door.pending.splice(0))
      await settled(door)
    }
  }

  const compare = (rehearsal: Rehearsal, seen: Seen): void => {
    const { outcome: { status, code, target, forwards }, route } = rehearsal
    verdicts.add(`${route} ${code ?? status}`)
    if (forwards === undefined) assert.deepEqual(
      { status, code, target: undefined },
      { status: seen.status, code: seen.code, target: seen.target }
    )
    else assert.deepEqual([target, route], [seen.target, seen.route])
  }

  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 85, maxLength: 100, size: 'max' }), async steps => {
    const [rehearsed, other] = [await open(), await open()]
    const doors = [rehearsed, other]
    try {
      for (const { ahead, event, url, method, token, key, client, held, release: releases, rehearsals } of steps) {
        if (releases) await release(doors)
        for (const { time } of doors) time.now += ahead
        const place = event === undefined ? '' : services.urls[event.target]!
        if (event?.kind === 'fail') services.failing.add(place)
        else if (event?.kind === 'heal') services.failing.delete(place)
        else if (event !== undefined) for (const { admin } of doors) await fetch(
          `${admin}/upstreams/${event.target < 2 ? 'turns' : 'hashed'}/${event.kind}?target=${place}`,
          { method: 'POST' }
        )
        const authorization = tokens[token]
        const headers = {
          'x-client': client,
          ...(authorization === undefined ? {} : { authorization }),
          ...(key === undefined ? {} : { 'x-api-key': key })
        }
        const foreseen: Rehearsal[] = []
        for (let time = 0; time < rehearsals; time++) foreseen.push(await rehearsed.gateway.explain({ method, url, headers }))
        for (const one of foreseen) assert.deepEqual(stable(one), stable(foreseen[0]!))
        const all = held ? { ...headers, 'x-held': 'yes' } : headers
        const [seen, unrehearsed] = [await live(rehearsed, url, method, all), await live(other, url, method, all)]
        assert.deepEqual(seen, unrehearsed)
        if (seen === 'kept') assert.ok(foreseen[0]!.outcome.forwards)
        else compare(foreseen[0]!, seen)
        cases++
      }
    } finally {
      await release(doors)
      services.failing.clear()
      await Promise.all(doors.map(async ({ gateway }) => await gateway.close(0)))
    }
  }), { numRuns: 12, endOnFailure: true })
  assert.ok(cases >= 900, String(cases))
  t.diagnostic(`${cases} cases, ${verdicts.size} verdicts: ${[...verdicts].sort().join(', ')}`)
})

/** All but what is made up for each request. */
function stable ({ outcome: { forwards, ...outcome }, ...rest }: Rehearsal): unknown {
  return { ...rest, outcome, path: forwards?.path, fields: forwards?.headers.filter((_text, index) => index % 2 === 0) }
}
