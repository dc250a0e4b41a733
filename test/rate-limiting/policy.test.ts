import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import type { Static } from '#typebox'
import rateLimiting, { config } from '../../plugins/policies/rate-limiting/index.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { validate } from '../../src/config/check/validate.ts'
import { openDoor, type DoorOptions } from './door.ts'

/** Options as the file has them, as the policy gets them. */
function options (policy: string, written: object): Static<typeof config.options> & { policy: string } {
  const { value, problems } = validate(config.options, written)
  assert.deepEqual(problems, [])
  return { ...value as Static<typeof config.options>, policy }
}

async function limited (t: TestContext, written: object, door: DoorOptions = {}) {
  const opened = await openDoor(t, door)
  await opened.app.register(rateLimiting, options('per-client', written))
  opened.app.get('/', () => 'ok')
  opened.app.get('/:id', () => 'ok')
  return opened
}

const get = async (
  app: FastifyInstance,
  headers: Record<string, string> = {},
  url = '/'
): Promise<LightMyRequestResponse> => await app.inject({ url, headers })

async function statuses (app: FastifyInstance, n: number, headers: Record<string, string> = {}): Promise<number[]> {
  const answers: number[] = []
  for (let i = 0; i < n; i++) answers.push((await get(app, headers)).statusCode)
  return answers
}

function problems (written: object): string[] {
  const found: string[] = []
  const { value, problems } = validate(config.options, written)
  if (problems.length > 0) return problems.map(problem => `${problem.pointer} ${problem.message}`)
  config.checkOptions(value as Static<typeof config.options>, problem => found.push(`${problem.pointer} ${problem.message}`))
  return found
}

test('limit 5/s with burst 4 answers four requests at once and 429 to the fifth, and after a second four more', async t => {
  const time = { now: 1000 }
  const { app } = await limited(t, { limit: '5/s', burst: 4 }, { time })
  assert.deepEqual(await statuses(app, 6), [200, 200, 200, 200, 429, 429])
  time.now += 1000
  assert.deepEqual(await statuses(app, 6), [200, 200, 200, 200, 429, 429])
})

test('of 200 requests at the same time exactly 100 pass', async t => {
  const { app } = await limited(t, { limit: '100/m' })
  const answers = await Promise.all(Array.from({ length: 200 }, () => get(app)))
  assert.equal(answers.filter(({ statusCode }) => statusCode === 200).length, 100)
})

test('a refused client is told why, by which policy and when to come back', async t => {
  const { app } = await limited(t, { limit: '1/10s' })
  await get(app)
  const answer = await get(app)
  assert.equal(answer.statusCode, 429)
  assert.equal(answer.headers['content-type'], 'application/problem+json')
  assert.equal(answer.headers['retry-after'], '10')
  const problem = answer.json<Record<string, unknown>>()
  assert.equal(problem['code'], 'rate-limited')
  assert.deepEqual(problem['violated-policies'], ['per-client'])
})

test('Retry-After is a whole second or more, even where the wait is a tenth', async t => {
  const { app } = await limited(t, { limit: '10/s', burst: 1 })
  await get(app)
  assert.equal((await get(app)).headers['retry-after'], '1')
})

test('every response says what is left, the refused one too', async t => {
  const { app } = await limited(t, { limit: '5/s' })
  const told = (answer: LightMyRequestResponse) => [answer.headers['ratelimit-policy'], answer.headers['ratelimit']]
  assert.deepEqual(told(await get(app)), ['"per-client";q=5;w=1', '"per-client";r=4;t=1'])
  assert.deepEqual(told(await get(app, {}, '/a/b/c')), ['"per-client";q=5;w=1', '"per-client";r=3;t=1'])
  await statuses(app, 3)
  assert.deepEqual(told(await get(app)), ['"per-client";q=5;w=1', '"per-client";r=0;t=1'])
})

test('two policies on one route both say what is left', async t => {
  const { app } = await openDoor(t)
  await app.register(rateLimiting, options('a "quoted" näme', { limit: '5/s' }))
  await app.register(rateLimiting, options('all', { limit: '3/1500ms', key: 'global' }))
  app.get('/', () => 'ok')
  const { headers } = await get(app)
  assert.equal(headers['ratelimit-policy'], '"a \\"quoted\\" n%C3%A4me";q=5;w=1, "all";q=4;w=2')
  assert.equal(headers['ratelimit'], '"a \\"quoted\\" n%C3%A4me";r=4;t=1, "all";r=2;t=1')
})

test('the older fields tell the policy with the least left', async t => {
  const { app } = await openDoor(t)
  await app.register(rateLimiting, options('tight', { limit: '2/s', headers: 'x-ratelimit' }))
  await app.register(rateLimiting, options('wide', { limit: '50/m', headers: 'x-ratelimit' }))
  app.get('/', () => 'ok')
  const { headers } = await get(app)
  assert.equal(headers['x-ratelimit-limit'], '2')
  assert.equal(headers['x-ratelimit-remaining'], '1')
  assert.equal(headers['x-ratelimit-reset'], '1')
  assert.equal(headers['ratelimit'], undefined)
})

test('with headers: none only Retry-After is sent', async t => {
  const { app } = await limited(t, { limit: '1/m', headers: 'none' })
  await get(app)
  const { headers } = await get(app)
  assert.equal(headers['retry-after'], '60')
  assert.deepEqual(Object.keys(headers).filter(name => name.includes('ratelimit')), [])
})

test('one client that used up its limit does not keep another out', async t => {
  const { app } = await limited(t, { limit: '2/s' })
  assert.deepEqual(await statuses(app, 3, { 'x-test-ip': '192.0.2.1' }), [200, 200, 429])
  assert.deepEqual(await statuses(app, 3, { 'x-test-ip': '192.0.2.2' }), [200, 200, 429])
})

test('a client cannot leave its limit by other addresses of its IPv6 network', async t => {
  const { app } = await limited(t, { limit: '2/s' })
  for (const [last, status] of [[1, 200], [2, 200], [3, 429]] as const) {
    assert.equal((await get(app, { 'x-test-ip': `2001:db8::${last}` })).statusCode, status)
  }
})

test('a limit by claim follows the user, not his address', async t => {
  const { app } = await limited(t, { limit: '1/s', key: 'claim:sub' })
  assert.equal((await get(app, { 'x-test-sub': 'ann', 'x-test-ip': '192.0.2.1' })).statusCode, 200)
  assert.equal((await get(app, { 'x-test-sub': 'ann', 'x-test-ip': '192.0.2.2' })).statusCode, 429)
  assert.equal((await get(app, { 'x-test-sub': 'bob', 'x-test-ip': '192.0.2.2' })).statusCode, 200)
})

test('a limit by route and address counts each route by itself', async t => {
  const { app } = await limited(t, { limit: '1/s', key: ['route', 'ip'] })
  assert.deepEqual(await statuses(app, 2, { 'x-test-route': '/a' }), [200, 429])
  assert.deepEqual(await statuses(app, 2, { 'x-test-route': '/b' }), [200, 429])
})

test('routes in different scopes share the limit of a policy that both list', async t => {
  const { app } = await openDoor(t)
  for (const path of ['/a', '/b']) {
    await app.register(async scope => {
      await scope.register(rateLimiting, options('shared', { limit: '2/s' }))
      scope.get(path, () => 'ok')
    })
  }
  const answers = [await get(app, {}, '/a'), await get(app, {}, '/b'), await get(app, {}, '/a')]
  assert.deepEqual(answers.map(({ statusCode }) => statusCode), [200, 200, 429])
})

test('a reload with the same options keeps all counts, one with other options starts anew', async t => {
  const holdings = new Holdings()
  const first = await limited(t, { limit: '1/m' }, { holder: holdings.hold() })
  assert.deepEqual(await statuses(first.app, 2), [200, 429])
  const same = await limited(t, { limit: '1/m', headers: 'none' }, { holder: holdings.hold() })
  assert.deepEqual(await statuses(same.app, 1), [429])
  for (const changed of [{ limit: '2/m' }, { limit: '1/m', key: 'global' }, { limit: '1/m', algorithm: 'fixed-window' }]) {
    const other = await limited(t, changed, { holder: holdings.hold() })
    assert.deepEqual(await statuses(other.app, 1), [200], JSON.stringify(changed))
  }
})

test('a rehearsal decides by the state of now, says why, and uses nothing up', async t => {
  const holdings = new Holdings()
  const live = await limited(t, { limit: '5/s' }, { holder: holdings.hold() })
  await get(live.app)
  const rehearsal = await limited(t, { limit: '5/s' }, { holder: holdings.fork(), rehearsal: true })
  assert.deepEqual(await statuses(rehearsal.app, 5), [200, 200, 200, 200, 429])
  assert.deepEqual(rehearsal.decisions[0], { by: 'per-client', verdict: 'allowed', why: '3 of 5 left for 127.0.0.1' })
  assert.deepEqual(rehearsal.decisions[4], { by: 'per-client', verdict: 'refused', why: 'none of 5 left for 127.0.0.1, the next in 200ms' })
  assert.equal((await get(live.app)).headers['ratelimit'], '"per-client";r=3;t=1')
  assert.doesNotMatch(await rehearsal.scrape(), /per-client/)
})

test('metrics are there at 0 before the first request and count each decision', async t => {
  const { app, scrape } = await limited(t, { limit: '2/s' })
  await app.ready()
  assert.match(await scrape(), /gateway_rate_limited_total\{policy="per-client"\} 0/)
  await statuses(app, 3)
  const text = await scrape()
  assert.match(text, /gateway_rate_limited_total\{policy="per-client"\} 1/)
  assert.match(text, /gateway_rate_limit_decisions_total\{policy="per-client",decision="allowed"\} 2/)
  assert.match(text, /gateway_rate_limit_decisions_total\{policy="per-client",decision="refused"\} 1/)
  assert.match(text, /gateway_rate_limit_keys\{policy="per-client"\} 1/)
})

test('more clients than the table holds are still limited', async t => {
  const { app } = await limited(t, { limit: '1/m', maxKeys: 10 })
  const answers: number[] = []
  for (let i = 0; i < 30; i++) answers.push((await get(app, { 'x-test-ip': `192.0.2.${i}` })).statusCode)
  assert.deepEqual(answers, [...Array.from<number>({ length: 11 }).fill(200), ...Array.from<number>({ length: 19 }).fill(429)])
})

test('S2-059 each algorithm is one word in the file', async t => {
  const passing = async (algorithm: string): Promise<number[]> => {
    const time = { now: 1000 }
    const { app } = await limited(t, { limit: '4/s', algorithm }, { time })
    const count = async (): Promise<number> => (await statuses(app, 6)).filter(status => status === 200).length
    const passed = [await count()]
    for (const step of [500, 500, 100]) {
      time.now += step
      passed.push(await count())
    }
    return passed
  }
  assert.deepEqual(await passing('token-bucket'), [4, 2, 2, 0])
  assert.deepEqual(await passing('sliding-window'), [4, 0, 0, 0])
  assert.deepEqual(await passing('fixed-window'), [4, 0, 4, 0])
})

test('of several limits all must let a request through, and a refused one counts for none', async t => {
  const time = { now: 1000 }
  const { app } = await limited(t, { limit: ['2/s', '5/h'] }, { time })
  const seen: number[][] = []
  for (let i = 0; i < 4; i++) {
    seen.push(await statuses(app, 3))
    time.now += 1000
  }
  assert.deepEqual(seen, [[200, 200, 429], [200, 200, 429], [200, 429, 429], [429, 429, 429]])
  const { headers, body } = await get(app)
  assert.equal(headers['ratelimit-policy'], '"per-client:2/s";q=2;w=1, "per-client:5/h";q=5;w=3600')
  assert.match(String(headers['ratelimit']), /^"per-client:2\/s";r=2;t=1, "per-client:5\/h";r=0;t=3596$/)
  assert.equal(headers['retry-after'], '716')
  assert.deepEqual((JSON.parse(body) as Record<string, unknown>)['violated-policies'], ['per-client:5/h'])
})

test('a route that counts for several uses the limit up sooner, one that counts for none not at all', async t => {
  const { app } = await limited(t, { limit: '10/h', cost: { '/export': 4, '/free': 0 } })
  assert.deepEqual(await statuses(app, 3, { 'x-test-route': '/export' }), [200, 200, 429])
  assert.deepEqual(await statuses(app, 3, { 'x-test-route': '/other' }), [200, 200, 429])
  assert.deepEqual(await statuses(app, 2, { 'x-test-route': '/free' }), [200, 200])
})

test('a tier has its own limit, and a client without a tier that of the policy', async t => {
  const tiers = { by: 'claim:sub', gold: { limit: '3/h', burst: 2 }, silver: { limit: ['2/m', '2/h'] } }
  const { app } = await limited(t, { limit: '1/h', key: 'claim:sub', tiers })
  assert.deepEqual(await statuses(app, 3, { 'x-test-sub': 'gold' }), [200, 200, 429])
  assert.deepEqual(await statuses(app, 3, { 'x-test-sub': 'silver' }), [200, 200, 429])
  for (const sub of ['ann', 'by', '__proto__']) assert.deepEqual(await statuses(app, 2, { 'x-test-sub': sub }), [200, 429], sub)
  assert.equal((await get(app, { 'x-test-sub': 'gold' })).headers['ratelimit-policy'], '"per-client";q=3;w=3600')
})

test('a route that costs nothing is told nothing of the limit', async t => {
  const { app } = await limited(t, { limit: '1/h', cost: { free: 0 } })
  const { headers } = await get(app, { 'x-test-route': 'free' })
  assert.equal(headers['ratelimit'], undefined)
  assert.equal(headers['ratelimit-policy'], undefined)
  assert.deepEqual(await statuses(app, 2), [200, 429])
})

test('a limit that has too little left for a request is violated, though something is left', async t => {
  const { app } = await limited(t, { limit: ['10/h', '100/d'], cost: { export: 4 } })
  const route = { 'x-test-route': 'export' }
  assert.deepEqual(await statuses(app, 2, route), [200, 200])
  assert.deepEqual((await get(app, route)).json<Record<string, unknown>>()['violated-policies'], ['per-client:10/h'])
})

test('tiers are counted apart, also where the key is the same', async t => {
  const { app } = await limited(t, { limit: '1/h', key: 'global', tiers: { by: 'header:x-plan', gold: { limit: '1/h' } } })
  assert.deepEqual(
    [await statuses(app, 2, { 'x-plan': 'gold' }), await statuses(app, 2), await statuses(app, 1, { 'x-plan': 'silver' })],
    [[200, 429], [200, 429], [429]]
  )
})

test('an exempt client is neither limited nor counted', async t => {
  const { app, scrape } = await limited(t, { limit: '1/h', key: 'global', exempt: ['10.0.0.0/8', 'claim:sub=robot'] })
  assert.deepEqual(await statuses(app, 3, { 'x-test-ip': '10.1.2.3' }), [200, 200, 200])
  const answer = await get(app, { 'x-test-sub': 'robot' })
  assert.deepEqual([answer.statusCode, answer.headers['ratelimit']], [200, undefined])
  assert.deepEqual(await statuses(app, 2, { 'x-test-ip': '11.1.2.3' }), [200, 429])
  assert.match(await scrape(), /decisions_total\{policy="per-client",decision="exempt"\} 4/)
})

test('a policy in report mode rejects no request, tells clients nothing, and counts what it would reject', async t => {
  const { app, scrape } = await limited(t, { limit: '2/h', mode: 'report' })
  assert.deepEqual(await statuses(app, 5), [200, 200, 200, 200, 200])
  assert.deepEqual(Object.keys((await get(app)).headers).filter(name => name.includes('ratelimit')), [])
  const text = await scrape()
  assert.match(text, /decisions_total\{policy="per-client",decision="reported"\} 4/)
  assert.match(text, /gateway_rate_limited_total\{policy="per-client"\} 0/)
})

test('a rehearsal says what a policy that only reports would do', async t => {
  const { app, decisions } = await limited(t, { limit: '1/h', mode: 'report' }, { rehearsal: true })
  await statuses(app, 2)
  assert.deepEqual(
    decisions.map(({ verdict, why }) => `${verdict}: ${why}`),
    ['allowed: none of 1 left for 127.0.0.1', 'reported: would be refused: none of 1 left for 127.0.0.1, the next in 3600000ms']
  )
})

test('concurrency lets so many through at once, and another as soon as one is done', async t => {
  const opened = await openDoor(t)
  await opened.app.register(rateLimiting, options('at-once', { limit: 2, algorithm: 'concurrency' }))
  const waiting: (() => void)[] = []
  opened.app.get('/', async () => await new Promise(resolve => waiting.push(() => resolve('ok'))))
  const [first, second] = [get(opened.app), get(opened.app)]
  while (waiting.length < 2) await new Promise(setImmediate)
  const refused = await get(opened.app)
  assert.deepEqual(
    [refused.statusCode, refused.headers['retry-after'], refused.headers['ratelimit-policy'], refused.headers['ratelimit']],
    [429, '1', '"at-once";q=2;qu="concurrent-requests"', '"at-once";r=0']
  )
  assert.match(await opened.scrape(), /gateway_rate_limit_keys\{policy="at-once"\} 1/)
  waiting.shift()!()
  assert.equal((await first).statusCode, 200)
  const third = get(opened.app)
  while (waiting.length < 2) await new Promise(setImmediate)
  for (const finish of waiting) finish()
  assert.deepEqual([(await second).statusCode, (await third).statusCode], [200, 200])
  assert.match(await opened.scrape(), /gateway_rate_limit_keys\{policy="at-once"\} 0/)
})

test('the admin listener shows every limit, how many keys it has and who counts', async t => {
  const { app } = await limited(t, { limit: ['5/s', '100/h'], tiers: { by: 'claim:sub', gold: { limit: '9/s' } } })
  await get(app)
  const answer = await app.gateway.admin.inject('/limits')
  assert.deepEqual(answer.json(), [{
    policy: 'per-client',
    algorithm: 'token-bucket',
    mode: 'enforce',
    limits: [
      { limits: [{ atOnce: 5, limit: 5, windowMs: 1000 }, { atOnce: 100, limit: 100, windowMs: 3_600_000 }] },
      { tier: 'gold', limits: [{ atOnce: 9, limit: 9, windowMs: 1000 }] }
    ],
    keys: 1,
    limited: []
  }])
})

test('options that cannot work are refused with their place', () => {
  assert.match(problems({}).join(), /limit/)
  assert.match(problems({ limit: '0/s' }).join(), /^\/limit must let at least one request through/)
  assert.match(problems({ limit: '5/s', key: 'header' }).join(), /^\/key must be ip, route/)
  assert.match(problems({ limit: '5/s', key: ['ip', 'nobody'] }).join(), /^\/key\/1 must be ip, route/)
  assert.match(problems({ limit: '5/s', burst: 0 }).join(), /^\/burst /)
  assert.match(problems({ limit: '5/s', brust: 1 }).join(), /brust/)
  assert.match(problems({ limit: 5 }).join(), /^\/limit must be a rate for token-bucket/)
  assert.match(problems({ limit: '5/s', algorithm: 'concurrency' }).join(), /^\/limit must be a number for concurrency/)
  assert.match(problems({ limit: ['5/s', '0/h'] }).join(), /^\/limit\/1 must let at least one request through/)
  assert.match(problems({ limit: '5/s', burst: 9, algorithm: 'fixed-window' }).join(), /^\/burst is for token-bucket only/)
  assert.match(problems({ limit: '5/s', tiers: { gold: { limit: '9/s' } } }).join(), /by/)
  assert.match(
    problems({ limit: '5/s', tiers: { by: 'plan', gold: { limit: 9 } } }).join(),
    /^\/tiers\/gold\/limit must be a rate.*,\/tiers\/by must be ip, route/
  )
  assert.match(
    problems({ limit: '5/s', exempt: ['10.0.0.0/8', 'somebody', 'nobody=1'] }).join(),
    /^\/exempt\/1 "somebody" is not a network.*\/exempt\/2 must be ip, route/
  )
  assert.match(
    problems({ limit: 5, algorithm: 'concurrency', store: { redis: 'redis://localhost' } }).join(),
    /^\/store is not for concurrency/
  )
  const secret = problems({ limit: '5/s', store: { redis: 'http://:hunter2@localhost' } }).join()
  assert.match(secret, /^\/store\/redis /)
  assert.doesNotMatch(secret, /hunter2/)
  assert.deepEqual(problems({ limit: '5/s', burst: 1, key: ['route', 'claim:sub'] }), [])
  assert.deepEqual(
    problems({
      limit: ['5/s', '100/h'],
      tiers: { by: 'claim:plan', gold: { limit: '50/s', burst: 9 } },
      store: { redis: 'rediss://user:pass@redis.internal:6380/1' }
    }),
    []
  )
})
