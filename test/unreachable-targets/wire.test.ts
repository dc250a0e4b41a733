/** A dead target of several costs no request, with the defaults, and everybody can see that it is dead. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { freePort, startTarget } from '../helpers/target.ts'
import { scrape } from '../metrics/scrape.ts'
import { load, MortalTarget } from './outage.ts'

async function gatewayTo (t: TestContext, urls: readonly string[], keys = ''): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back:
    targets: [${urls.map(url => `'${url}'`).join()}]
    ${keys}
routes: [{ path: '/*', upstream: back }]
`)
}

async function mortal (t: TestContext): Promise<MortalTarget> {
  const target = await MortalTarget.start()
  t.after(async () => await target.end())
  return target
}

const refusing = async (): Promise<string> => `http://127.0.0.1:${await freePort()}`

for (const living of [1, 2]) {
  for (const keys of [
    '',
    'retry: {}',
    'balance: round-robin\n    retry: { attempts: 3, on: [connect, reset, 503], bufferBody: 64kib, hedge: { after: 200ms } }'
  ]) {
    const shown = keys === '' ? 'defaults' : keys.replace(/\s+/g, ' ')
    test(`one of ${living + 1} targets refuses from the start, ${shown}: no request fails`, async t => {
      const alive = await Promise.all(Array.from(
        { length: living },
        async () => await startTarget(t, (_request, response) => response.end('here'))
      ))
      const { url } = await gatewayTo(t, [await refusing(), ...alive.map(target => target.url)], keys)
      assert.deepEqual((await load(url, 300, 20)).statuses, { 200: 300 })
    })
  }

  test(`one of ${living + 1} targets is killed under load: no request fails`, async t => {
    const alive = await Promise.all(Array.from(
      { length: living },
      async () => await startTarget(t, (_request, response) => response.end('here'))
    ))
    const target = await mortal(t)
    const { url } = await gatewayTo(t, [target.url, ...alive.map(one => one.url)])
    assert.deepEqual((await load(url, 400, 20, async () => await target.die('refuses'))).statuses, { 200: 400 })
  })

  test(`one of ${living + 1} targets takes no connection: no request fails, and few wait`, async t => {
    const alive = await Promise.all(Array.from(
      { length: living },
      async () => await startTarget(t, (_request, response) => response.end('here'))
    ))
    const target = await mortal(t)
    await target.die('silent')
    const { url, logs } = await gatewayTo(t, [target.url, ...alive.map(one => one.url)], 'timeouts: { connect: 300ms }')
    assert.deepEqual((await load(url, 300, 20)).statuses, { 200: 300 })
    const waited = logs.filter(({ msg, attempts }) => msg === 'request completed' && attempts === 2)
    assert.ok(waited.length > 0 && waited.length <= 20, `${waited.length} of 20 clients waited once`)
  })
}

test('one of 2 targets stops responding under load: requests that wait on it go elsewhere, long before they time out', async t => {
  const alive = await startTarget(t, (_request, response) => response.end('here'))
  const target = await mortal(t)
  const { url } = await gatewayTo(t, [target.url, alive.url], 'timeouts: { connect: 300ms, response: 60s, total: 60s }')
  const seen = await load(url, 400, 20, async () => await target.die('silent'))
  assert.deepEqual(seen.statuses, { 200: 400 })
  assert.ok(seen.longest < 30_000, `${seen.longest} ms`)
})

test('a target that is only slow is asked alone: it takes connections', async t => {
  const slow = await startTarget(t, (_request, response) => setTimeout(() => response.end('slow'), 400))
  const other = await startTarget(t, (_request, response) => response.end('other'))
  const { url, logged } = await gatewayTo(t, [slow.url, other.url], 'balance: round-robin\n    timeouts: { connect: 100ms }')
  assert.equal((await send(url, '/')).text, 'slow')
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['attempts'], 1)
  assert.equal(slow.connections, 2, 'one for the request, one to see whether it is still there')
})

test('a target that could not be reached before a request, and can be now, is asked alone', async t => {
  const answers = new Map<string, () => void>()
  const target = await startTarget(t, (request, response) => { answers.set(request.url!, () => response.end('target')) })
  const reserve = await startTarget(t, (_request, response) => response.end('reserve'))
  const { url, logged } = await startGateway(t, `
upstreams:
  back:
    targets: ['${target.url}', { url: '${reserve.url}', priority: 1 }]
    unreachableFor: 0s
    timeouts: { connect: 100ms, response: 60s, total: 60s }
routes: [{ path: '/*', upstream: back }]
`)
  // A request that is not repeated keeps the one connection busy.
  const first = send(url, '/first', { method: 'POST' })
  while (!answers.has('/first')) await new Promise(setImmediate)
  target.server.close()
  assert.equal((await send(url, '/')).text, 'reserve')
  await new Promise<void>(resolve => { target.server.listen(target.port, '127.0.0.1', resolve) })
  answers.get('/first')!()
  assert.equal((await first).text, 'target')
  const slow = send(url, '/slow')
  // Whether it is still there is found out by a connection, and not by another target.
  while (target.connections < 2 && reserve.hits.length < 2) await new Promise(setImmediate)
  answers.get('/slow')!()
  assert.equal((await slow).text, 'target')
  assert.equal((await logged(({ path }) => path === '/slow'))['attempts'], 1)
})

test('where `connect` is not in `retry.on` a target that falls silent is waited for', async t => {
  const alive = await startTarget(t)
  const target = await mortal(t)
  const { url, logged } = await gatewayTo(
    t,
    [target.url, alive.url],
    'balance: round-robin\n    timeouts: { connect: 100ms, response: 600ms }\n    retry: { on: [503] }'
  )
  for (let count = 0; count < 2; count++) assert.equal((await send(url, '/')).status, 200)
  await target.die('silent')
  assert.equal((await send(url, '/')).status, 504)
  assert.equal((await logged(({ msg, status }) => msg === 'request completed' && status === 504))['attempts'], 1)
})

test('no target that is known to be gone is asked beside one that falls silent', async t => {
  const target = await mortal(t)
  const { url, logged } = await gatewayTo(
    t,
    [target.url, await refusing()],
    'balance: round-robin\n    timeouts: { connect: 100ms, response: 600ms }'
  )
  for (let count = 0; count < 2; count++) assert.equal((await send(url, '/')).status, 200)
  await target.die('silent')
  assert.equal((await send(url, '/')).status, 504)
  assert.equal((await logged(({ msg, status }) => msg === 'request completed' && status === 504))['attempts'], 1)
})

test('no third target is asked where a hedge is under way', async t => {
  let slow = false
  const second = await startTarget(t, (_request, response) => { setTimeout(() => response.end('second'), slow ? 800 : 0) })
  const third = await startTarget(t, (_request, response) => { response.end('third') })
  const target = await mortal(t)
  const { url } = await gatewayTo(
    t,
    [target.url, second.url, third.url],
    'balance: round-robin\n    timeouts: { connect: 200ms }\n    retry: { hedge: { after: 100ms } }'
  )
  for (let count = 0; count < 3; count++) assert.equal((await send(url, '/')).status, 200)
  const { length } = third.hits
  slow = true
  await target.die('silent')
  assert.equal((await send(url, '/')).text, 'second')
  assert.equal(third.hits.length, length)
})

test('a target that was asked because another could not be reached counts for nothing in `attempts`', async t => {
  const busy = await startTarget(t, (_request, response) => { response.writeHead(503).end() })
  const good = await startTarget(t, (_request, response) => { response.end('good') })
  const { url } = await gatewayTo(
    t,
    [await refusing(), busy.url, good.url],
    'balance: round-robin\n    retry: { attempts: 2, on: [connect, 503] }'
  )
  assert.equal((await send(url, '/')).text, 'good')
  assert.equal(busy.hits.length, 1)
})

test('a request that may not be repeated is left where it is', async t => {
  const alive = await startTarget(t)
  const target = await mortal(t)
  const { url, logged } = await gatewayTo(
    t,
    [target.url, alive.url],
    'balance: round-robin\n    timeouts: { connect: 100ms, response: 600ms }'
  )
  assert.equal((await send(url, '/')).status, 200)
  await send(url, '/')
  await target.die('silent')
  assert.equal((await send(url, '/', { method: 'POST' })).status, 504)
  assert.equal((await logged(({ msg, method }) => msg === 'request completed' && method === 'POST'))['attempts'], 1)
})

test('a total outage costs at most the budget beyond one try of each target', async t => {
  const { url, logged, logs } = await gatewayTo(
    t,
    [await refusing(), await refusing(), await refusing()],
    'retry: { attempts: 5, backoff: { base: 0ms, max: 0ms } }'
  )
  const seen = await load(url, 600, 20)
  assert.deepEqual(seen.statuses, { 502: 600 })
  await logged(({ msg }) => msg === 'request completed')
  const made = logs.filter(({ msg }) => msg === 'request completed').reduce((sum, { attempts }) => sum + Number(attempts), 0)
  assert.ok(made <= 600 * 3 + 600 * 0.2 + 20, `${made} attempts for 600 requests to three targets`)
})

test('a target that was silent is not dialled a second time for the same request', async t => {
  const target = await mortal(t)
  await target.die('silent')
  const { url, logged } = await gatewayTo(t, [target.url], 'timeouts: { connect: 100ms }\n    retry: { attempts: 5 }')
  const answer = await send(url, '/')
  assert.deepEqual([answer.status, (JSON.parse(answer.text) as { code: string }).code], [504, 'connect-timeout'])
  assert.equal((await logged(({ msg }) => msg === 'request completed'))['attempts'], 1)
})

test('several silent targets are not dialled one after the other when they are known to be silent', async t => {
  const targets = await Promise.all([mortal(t), mortal(t), mortal(t)])
  await Promise.all(targets.map(async target => await target.die('silent')))
  const { url, logs } = await gatewayTo(
    t,
    targets.map(target => target.url),
    'timeouts: { connect: 100ms }\n    retry: { budget: { minimum: 0 } }'
  )
  assert.equal((await send(url, '/')).status, 504)
  assert.equal((await send(url, '/')).status, 504)
  await new Promise(resolve => setImmediate(resolve))
  assert.deepEqual(logs.filter(({ msg }) => msg === 'request completed').map(({ attempts }) => attempts), [3, 1])
})

test('retry: { attempts: 1 } makes no second attempt, and without `connect` neither', async t => {
  for (const keys of ['retry: { attempts: 1 }', 'retry: { on: [503] }']) {
    const target = await startTarget(t)
    const { url } = await gatewayTo(t, [await refusing(), target.url], `balance: round-robin\n    ${keys}`)
    const statuses = [(await send(url, '/')).status, (await send(url, '/')).status, (await send(url, '/')).status]
    assert.deepEqual(statuses, [502, 200, 200], 'but the dead target is not asked again')
  }
})

test('unreachableFor: 0s asks a dead target again and again', async t => {
  const target = await startTarget(t)
  const { url } = await gatewayTo(
    t,
    [await refusing(), target.url],
    'balance: round-robin\n    unreachableFor: 0s\n    retry: { attempts: 1 }'
  )
  const statuses = [(await send(url, '/')).status, (await send(url, '/')).status, (await send(url, '/')).status]
  assert.deepEqual(statuses, [502, 200, 502])
})

test('it is seen in /upstreams, explain, metrics and the log, and its end too', async t => {
  const target = await startTarget(t)
  const port = await freePort()
  const dead = `http://127.0.0.1:${port}`
  const { url, admin, gateway, logged } = await gatewayTo(t, [dead, target.url], 'balance: round-robin\n    unreachableFor: 1s')
  await send(url, '/')
  const { state, why, opensInMs } = await gateOf(admin, dead)
  assert.deepEqual([state, why], ['unreachable', 'connection-refused'])
  assert.ok(opensInMs! <= 1000)
  assert.deepEqual(
    await logged(({ msg }) => msg === 'target unreachable').then(line => [line['level'], line['target'], line['why']]),
    ['warn', dead, 'connection-refused']
  )
  const metrics = await scrape(admin)
  assert.equal(metrics.value('gateway_backend_reachable', { upstream: 'back', backend: dead }), 0)
  assert.equal(metrics.value('gateway_backend_reachable', { upstream: 'back', backend: target.url }), 1)
  assert.equal(metrics.value('gateway_backend_unreachable_total', { upstream: 'back', backend: dead, reason: 'connection-refused' }), 1)

  await startTarget(t, undefined, { port })
  while ((await gateOf(admin, dead)).state !== 'reachable') await send(url, '/')
  await logged(({ msg }) => msg === 'target reachable')
  const { decisions } = await gateway.explain({ method: 'GET', url: '/' })
  assert.match(decisions.at(-1)!.why, /one of 2 open targets/)
})

test('explain says why it is passed over, and that the last one is not', async t => {
  const [one, other] = [await refusing(), await refusing()]
  const { url, gateway } = await gatewayTo(t, [one, other])
  await send(url, '/')
  const { decisions } = await gateway.explain({ method: 'GET', url: '/' })
  assert.deepEqual(decisions.filter(({ verdict }) => verdict !== 'selected' && verdict !== 'matched').slice(-3), [
    { by: 'unreachable-targets', verdict: 'closed', why: `${one} is unreachable (connection-refused)` },
    { by: 'unreachable-targets', verdict: 'closed', why: `${other} is unreachable (connection-refused)` },
    { by: 'unreachable-targets', verdict: 'fail-open', why: 'none of 2 targets is open, so this is not heeded' }
  ])
})

async function gateOf (admin: string, url: string): Promise<{
  readonly state: string, readonly why?: string, readonly opensInMs?: number
}> {
  const [{ targets }] = await (await fetch(`${admin}/upstreams`)).json() as [{ targets: {
    url: string,
    gates: { gate: string, state: string, why?: string }[]
  }[] }]
  return targets.find(target => target.url === url)!.gates.find(({ gate }) => gate === 'unreachable-targets')!
}
