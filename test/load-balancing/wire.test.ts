/** Balancing as clients and targets see it. */

import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import { test, type TestContext } from 'node:test'
import { begin, headOf, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startService, startTarget, type TestTarget } from '../helpers/target.ts'

/** Targets that respond with their letter. */
async function lettered (t: TestContext, letters: string): Promise<TestTarget[]> {
  return await Promise.all(letters.split('').map(async letter => await startTarget(t, (_request, response) => response.end(letter))))
}

async function gatewayTo (t: TestContext, targets: readonly { readonly url: string }[], keys: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  users:
    targets: [${targets.map(({ url }) => url).join(', ')}]
    ${keys}
routes: [{ path: /*, upstream: users }]
`)
}

async function ask ({ url }: TestGateway, path = '/', headers: Record<string, string> = {}): Promise<string> {
  return (await send(url, path, { headers })).text
}

const thirty = Array.from({ length: 30 }, (_, index) => index)

test('S2-043: thirty requests over three targets are ten for each', async t => {
  const targets = await lettered(t, 'abc')
  const gateway = await gatewayTo(t, targets, '')
  await Promise.all(thirty.map(async () => await ask(gateway)))
  assert.deepEqual(targets.map(target => target.hits.length), [10, 10, 10])
})

test('weights are heeded, and a reload goes on where the last configuration stood', async t => {
  const [a, b] = await lettered(t, 'ab')
  const yaml = `
upstreams: { users: { balance: weighted-round-robin, targets: [{ url: ${a!.url}, weight: 3 }, ${b!.url}] } }
routes: [{ path: /*, upstream: users }]
`
  const gateway = await startGateway(t, yaml)
  let answers = ''
  for (let count = 0; count < 3; count++) answers += await ask(gateway)
  gateway.write(`${yaml}# touched\nx-touched: true\n`)
  await gateway.gateway.reload('test')
  for (let count = 0; count < 5; count++) answers += await ask(gateway)
  assert.equal(answers, 'aabaaaba')
})

test('S2-042: each upstream has the balancer that its key names, and targets of its own (S2-119)', async t => {
  const [a, b, c, d] = await lettered(t, 'abcd')
  const gateway = await startGateway(t, `
upstreams:
  turns: { targets: [${a!.url}, ${b!.url}] }
  hashed: { targets: [${c!.url}, ${d!.url}], balance: { algorithm: consistent-hash, key: "query:user" } }
routes: [{ path: /turns, upstream: turns }, { path: /hashed, upstream: hashed }]
`)
  const turns = [await ask(gateway, '/turns'), await ask(gateway, '/turns')]
  assert.deepEqual(turns, ['a', 'b'])
  const hashed = new Set(await Promise.all(thirty.map(async () => await ask(gateway, '/hashed?user=ada'))))
  assert.equal(hashed.size, 1)
})

test('S2-046: while one target holds its requests, all new ones go to the others, streams included', async t => {
  const held: ServerResponse[] = []
  const slow = await startService(t, (_request, response) => {
    // The head is there, the body is not over.
    response.write('begun')
    held.push(response)
  })
  const targets = await lettered(t, 'bc')
  const gateway = await gatewayTo(t, [slow, ...targets], 'balance: least-connections')
  const streams = [begin(gateway.url, '/'), begin(gateway.url, '/')]
  // The first turn is that of the slow one.
  const first = headOf(streams[0]!)
  streams[0]!.end()
  await first
  for (let count = 0; count < 20; count++) assert.notEqual(await ask(gateway), 'begun')
  assert.deepEqual(targets.map(target => target.hits.length), [10, 10])
  const answer = await first
  answer.resume()
  for (const response of held) response.end()
  await new Promise(resolve => { answer.once('end', resolve) })
  const upstreams = (await (await fetch(`${gateway.admin}/upstreams`)).json()) as [{ targets: { active: number }[] }]
  assert.deepEqual(upstreams[0].targets.map(({ active }) => active), [0, 0, 0])
})

test('S2-048b: the hash key may be a header, a cookie, the path or the address, and requests without it are shared evenly', async t => {
  const targets = await lettered(t, 'abc')
  for (const [key, headers] of [
    ['header:x-user', { 'x-user': 'ada' }],
    ['cookie:session', { cookie: 'session=ada' }],
    ['path', {}],
    ['ip', {}]
  ] as const) {
    const gateway = await gatewayTo(t, targets, `balance: { algorithm: consistent-hash, key: "${key}" }`)
    assert.equal(new Set(await Promise.all(thirty.map(async () => await ask(gateway, '/same', headers)))).size, 1, key)
  }
  const gateway = await gatewayTo(t, targets, 'balance: { algorithm: consistent-hash, key: "header:x-user" }')
  const letters = await Promise.all(thirty.map(async () => await ask(gateway)))
  for (const letter of 'abc') assert.equal(letters.filter(other => other === letter).length, 10)
})

test('S2-048c: a target behind an open breaker gets nothing while others are up, and no client sees a 503', async t => {
  const broken = await startTarget(t, (_request, response) => response.writeHead(500).end())
  const targets = await lettered(t, 'bc')
  const gateway = await gatewayTo(t, [broken, ...targets], 'circuitBreaker: { failures: 1, openFor: 60s }')
  assert.equal((await send(gateway.url, '/')).status, 500)
  const answers = await Promise.all(thirty.map(async () => await send(gateway.url, '/')))
  assert.ok(answers.every(({ status }) => status === 200))
  assert.equal(broken.hits.length, 1)
})

test('a target that responds with 503 at once attracts no requests with power-of-two', async t => {
  const broken = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const sound = await startTarget(t, (_request, response) => response.end('b'))
  const gateway = await gatewayTo(t, [broken, sound], 'balance: power-of-two')
  // Until it has been asked once.
  for (let count = 0; broken.hits.length === 0 && count < 100; count++) await ask(gateway)
  await ask(gateway)
  for (let count = 0; count < 30; count++) await ask(gateway)
  assert.ok(broken.hits.length <= 2, `${broken.hits.length} requests reached it`)
})

test('a target of a lower priority gets nothing before the first closes, and everything then', async t => {
  let well = true
  const main = await startTarget(t, (_request, response) => response.writeHead(well ? 200 : 500).end('main'))
  const spare = await startTarget(t, (_request, response) => response.end('spare'))
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${main.url}, { url: ${spare.url}, priority: 1 }]
    circuitBreaker: { failures: 1, openFor: 60s }
routes: [{ path: /*, upstream: users }]
`)
  for (let count = 0; count < 5; count++) assert.equal(await ask(gateway), 'main')
  well = false
  await ask(gateway)
  for (let count = 0; count < 5; count++) assert.equal(await ask(gateway), 'spare')
  assert.equal(main.hits.length, 6)
})

test('a rehearsal says why a target was picked, and moves nothing', async t => {
  const targets = await lettered(t, 'abc')
  const why = async (keys: string, headers = {}) => {
    const gateway = await gatewayTo(t, targets, keys)
    const { decisions, outcome } = await gateway.gateway.explain({ method: 'GET', url: '/', headers })
    const { why } = decisions.find(({ by, verdict }) => by === 'load-balancing' && verdict !== 'selected')!
    assert.ok(why.includes(outcome.target!))
    return why
  }
  assert.match(await why('balance: least-connections'), /^\S+ has 0 open for weight 1, as few as 2 more$/)
  assert.match(
    await why('balance: power-of-two'),
    /^of two by chance, \S+ costs 0\.001 \(0 ms × 1\) against \S+ costs 0\.001 \(0 ms × 1\)$/
  )
  assert.match(
    await why('balance: { algorithm: consistent-hash, key: "header:x-user" }', { 'x-user': 'ada' }),
    /^header:x-user is at point \d+ of 480 of the ring, which is that of \S+$/
  )
  assert.ok(targets.every(({ hits }) => hits.length === 0))
})

test('what power-of-two takes for the latency of a target is in /upstreams and in the metrics', async t => {
  const targets = await lettered(t, 'ab')
  const gateway = await gatewayTo(t, targets, 'balance: power-of-two')
  while (targets.some(({ hits }) => hits.length === 0)) await ask(gateway)
  const upstreams = (await (await fetch(`${gateway.admin}/upstreams`)).json()) as [{ targets: { balancing: string }[] }]
  for (const { balancing } of upstreams[0].targets) assert.match(balancing, /^latency [\d.e+-]+ ms$/)
  const { text } = await send(gateway.admin, '/metrics')
  for (const { url } of targets) assert.ok(text.includes(`gateway_target_latency_seconds{upstream="users",target="${url}"}`))
})

test('wrong options of a balancer are refused with their place in the file', async t => {
  await assert.rejects(
    gatewayTo(t, [{ url: 'http://127.0.0.1:1' }], 'balance: { algorithm: consistent-hash, boundedLoad: 99 }'),
    /gateway\.yaml:7:57 {2}expected a number from 1 to 10, got 99/
  )
})

test('a target that a reload adds to a running upstream starts slowly, those of the start do not', async t => {
  const [a, b] = await lettered(t, 'ab')
  const yaml = (urls: string) => `
upstreams: { users: { targets: [${urls}], slowStart: 1h } }
routes: [{ path: /*, upstream: users }]
`
  const gateway = await startGateway(t, yaml(a!.url), { random: () => 0.5 })
  await ask(gateway)
  gateway.write(yaml(`${a!.url}, ${b!.url}`))
  await gateway.gateway.reload('test')
  for (let count = 0; count < 10; count++) assert.equal(await ask(gateway), 'a')
  const { text } = await send(gateway.admin, '/metrics')
  assert.ok(text.includes(`gateway_target_share{upstream="users",target="${a!.url}"} 1\n`))
  assert.ok(text.includes(`gateway_target_share{upstream="users",target="${b!.url}"} 0.1\n`))
})

test('a target that warms up spares itself among those of its priority, and sends nothing to the next', async t => {
  const [main, spare] = await lettered(t, 'ab')
  const gateway = await startGateway(t, `
upstreams: { users: { slowStart: 60s, targets: [${main!.url}, { url: ${spare!.url}, priority: 1 }] } }
routes: [{ path: /*, upstream: users }]
`)
  for (const verb of ['drain', 'undrain']) {
    await (await fetch(`${gateway.admin}/upstreams/users/${verb}?target=${main!.url}`, { method: 'POST' })).text()
    if (verb === 'drain') assert.equal(await ask(gateway), 'b')
  }
  for (let count = 0; count < 20; count++) assert.equal(await ask(gateway), 'a')
})

test('a request that goes to a reserve of one target is counted and explained, and a rehearsal of it is not counted', async t => {
  const [main, spare] = await lettered(t, 'ab')
  const gateway = await startGateway(t, `
upstreams: { users: { targets: [{ url: ${main!.url}, weight: 1 }, { url: ${spare!.url}, priority: 1 }] } }
routes: [{ path: /*, upstream: users }]
`)
  await (await fetch(`${gateway.admin}/upstreams/users/drain?target=${main!.url}`, { method: 'POST' })).text()
  const { decisions, outcome } = await gateway.gateway.explain({ method: 'GET', url: '/' })
  assert.equal(outcome.target, spare!.url)
  assert.deepEqual(decisions.find(({ verdict }) => verdict === 'group')?.why, 'priority 1; open by weight: 0: 0 %, 1: 100 %')
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_priority_spills_total\{upstream="users"\} 0$/m)
  await ask(gateway)
  assert.match((await send(gateway.admin, '/metrics')).text, /^gateway_priority_spills_total\{upstream="users"\} 1$/m)
})
