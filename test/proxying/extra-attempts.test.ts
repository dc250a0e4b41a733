/** Attempts beyond the first: buffered bodies, waits, the budget that bounds them, and hedging. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { begin, headOf, readWhole, send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startService, startTarget, type Respond, type TestTarget } from '../helpers/target.ts'

const status = (code: number, fields: Record<string, string> = {}): Respond => (_request, response) => {
  response.writeHead(code, fields).end(String(code))
}

async function gatewayTo (t: TestContext, targets: readonly TestTarget[], keys: string): Promise<TestGateway> {
  return await startGateway(t, `
upstreams:
  back:
    targets: [${targets.map(({ url }) => `'${url}'`).join()}]
    balance: round-robin
    ${keys}
routes: [{ path: '/*', upstream: back }]
`)
}

test('a body of a declared length within bufferBody is sent again, byte for byte', async t => {
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  const gateway = await gatewayTo(t, [bad, good], 'retry: { on: [503], bufferBody: 1kib }')
  const answer = await send(gateway.url, '/', { method: 'PUT', body: 'x'.repeat(1024) })
  assert.equal(answer.status, 200)
  assert.deepEqual([bad.hits[0]!.body.length, good.hits[0]!.body.toString()], [1024, 'x'.repeat(1024)])
  assert.equal(good.hits[0]!.headers['content-length'], '1024')
})

test('a larger body that does not come whole at once is streamed, and sent once', async t => {
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  const gateway = await gatewayTo(t, [bad, good], 'retry: { on: [503], bufferBody: 1kib }')
  assert.equal((await send(gateway.url, '/', { method: 'PUT', body: 'x'.repeat(20_000) })).status, 503)
  assert.equal(good.hits.length, 0)
})

test('bufferBody is the size of the largest body that is sent again', async t => {
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  const gateway = await gatewayTo(t, [bad, good], 'retry: { on: [503], bufferBody: 20kib }')
  assert.equal((await send(gateway.url, '/', { method: 'PUT', body: 'x'.repeat(20 * 1024) })).status, 200)
  // Round-robin: the next one to be asked first is the good one.
  assert.equal((await send(gateway.url, '/')).status, 200)
  assert.equal((await send(gateway.url, '/', { method: 'PUT', body: 'x'.repeat(20 * 1024 + 1) })).status, 503)
})

test('a POST is repeated only where the file says that it may be', async t => {
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  const careful = await gatewayTo(t, [bad, good], 'retry: { on: [503], bufferBody: 1kib }')
  assert.equal((await send(careful.url, '/', { method: 'POST', body: 'x' })).status, 503)
  const bold = await gatewayTo(t, [bad, good], 'retry: { on: [503], bufferBody: 1kib, methods: [GET, POST] }')
  assert.equal((await send(bold.url, '/', { method: 'POST', body: 'x' })).status, 200)
})

test('a Retry-After of the only target is waited for, up to the longest that is allowed', async t => {
  let asked = 0
  const busy = await startTarget(t, (request, response, hit) => {
    asked++
    if (asked === 1) status(503, { 'retry-after': '1' })(request, response, hit)
    else response.end('now')
  })
  const gateway = await gatewayTo(t, [busy], 'retry: { on: [503], retryAfter: 2s }')
  assert.equal((await send(gateway.url, '/')).text, 'now')
  const [first, second] = ((await gateway.logged(({ msg }) => msg === 'request completed'))['tries'] as { ms: number }[])
  assert.ok(first !== undefined && second !== undefined)
  // The wait belongs to neither of them.
  assert.ok(second.ms < 1000, JSON.stringify(second))
  const away = await startTarget(t, status(503, { 'retry-after': '3600' }))
  const other = await gatewayTo(t, [away], 'retry: { attempts: 5, on: [503], retryAfter: 2s }')
  const answer = await send(other.url, '/')
  assert.deepEqual([answer.status, away.hits.length], [503, 1])
})

test('when all targets fail, all requests together cause a fifth more attempts and not twice as many', async t => {
  const held: (() => void)[] = []
  const failing = async (): Promise<TestTarget> => await startTarget(t, (_request, response) => {
    held.push(() => response.writeHead(503).end())
    // The first wave gets a response when all of it has arrived; from then on at once.
    if (held.length >= 200) for (const answer of held.splice(0)) answer()
    else if (released) held.pop()!()
  })
  let released = false
  const targets = [await failing(), await failing()]
  const gateway = await gatewayTo(t, targets, 'retry: { attempts: 5, on: [503], backoff: { base: 1ms, max: 2ms } }')
  const wave = Array.from({ length: 200 }, async () => {
    const answer = await send(gateway.url, '/')
    released = true
    for (const respond of held.splice(0)) respond()
    return answer.status
  })
  assert.ok((await Promise.all(wave)).every(code => code === 503))
  const attempts = targets.reduce((sum, { hits }) => sum + hits.length, 0)
  assert.ok(attempts > 200 && attempts <= 250, String(attempts))
})

test('the second target is asked when the first is silent, and the first good response counts', async t => {
  const slow = await startTarget(t, () => {})
  const quick = await startTarget(t, (_request, response) => { response.end('quick') })
  const gateway = await gatewayTo(t, [slow, quick], 'retry: { hedge: { after: 20ms } }')
  const answer = await send(gateway.url, '/')
  assert.equal(answer.text, 'quick')
  const line = await gateway.logged(({ msg }) => msg === 'request completed')
  assert.equal(line['attempts'], 2)
  assert.deepEqual((line['tries'] as { kind: string }[]).map(({ kind }) => kind), ['first', 'hedge'])
  const upstreams = await (await fetch(`${gateway.admin}/upstreams`)).json() as { targets: { active: number }[] }[]
  assert.deepEqual(upstreams[0]!.targets.map(({ active }) => active), [0, 0])
})

test('a bad response is not passed on while the other target may still have a good one', async t => {
  const asked = Promise.withResolvers<void>()
  const bad = await startTarget(t, (_request, response) => { void asked.promise.then(() => response.writeHead(503).end('bad')) })
  const good = await startTarget(t, (_request, response) => {
    asked.resolve()
    void settled().then(() => response.end('good'))
  })
  const gateway = await gatewayTo(t, [bad, good], 'retry: { on: [503], hedge: { after: 10ms } }')
  /** The bad response has been heard. */
  async function settled (): Promise<void> {
    for (;;) {
      const [back] = await (await fetch(`${gateway.admin}/upstreams`)).json() as { targets: { active: number }[] }[]
      if (back!.targets[0]!.active === 0) return
    }
  }
  assert.equal((await send(gateway.url, '/')).text, 'good')
  assert.deepEqual([bad.hits.length, good.hits.length], [1, 1])
})

test('with `after: p95` what is slower than nearly all responses so far is asked for elsewhere', async t => {
  let stuck = false
  const one = await startTarget(t, (_request, response) => { if (!stuck) response.end('one') })
  const two = await startTarget(t, (_request, response) => { response.end('two') })
  const gateway = await gatewayTo(t, [one, two], 'retry: { hedge: { after: p95 } }')
  for (let index = 0; index < 200; index++) await send(gateway.url, '/')
  const { length } = one.hits
  stuck = true
  // Round-robin: one of two begins at the target that says nothing, and only a hedge can get a response.
  const answers = [await send(gateway.url, '/'), await send(gateway.url, '/')]
  assert.deepEqual(answers.map(({ text }) => text), ['two', 'two'])
  assert.ok(one.hits.length > length)
})

test('a request that may not be repeated is never hedged', async t => {
  const slow = await startTarget(t, (_request, response) => { setTimeout(() => response.end('slow'), 60) })
  const quick = await startTarget(t)
  const gateway = await gatewayTo(t, [slow, quick], 'retry: { hedge: { after: 10ms } }')
  assert.equal((await send(gateway.url, '/', { method: 'POST' })).text, 'slow')
  assert.equal(quick.hits.length, 0)
})

test('a body that is streamed goes to one target whole, however long it takes', async t => {
  const arrived = Promise.withResolvers<void>()
  let sum = 0
  const slow = await startService(t, (request, response) => {
    if (request.method === 'GET') return
    request.on('data', (chunk: Buffer) => { sum += chunk.length; arrived.resolve() }).on('end', () => response.end('whole'))
  })
  const quick = await startTarget(t)
  const gateway = await startGateway(
    t,
    `upstreams: { back: { targets: ['${slow.url}', '${quick.url}'], balance: round-robin, retry: { hedge: { after: 20ms } } } ` +
      `}\nroutes: [{ path: '/*', upstream: back }]\n`
  )
  // Nothing of it flows before the connection is there, so that at first it might still be sent elsewhere.
  const upload = begin(gateway.url, '/', { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } })
  const answer = headOf(upload)
  upload.write('x'.repeat(1000))
  await arrived.promise
  // When the second of these has a response of the other target, the time for a hedge of the first request has passed too.
  for (const path of ['/a', '/b']) assert.equal((await send(gateway.url, path)).status, 200)
  upload.end('x'.repeat(1000))
  assert.equal((await readWhole(await answer)).text, 'whole')
  assert.equal(sum, 2000)
  assert.deepEqual(quick.hits.map(({ method }) => method), ['GET', 'GET'])
})

test('each attempt is told how much of the total is left', async t => {
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  const gateway = await gatewayTo(
    t,
    [bad, good],
    'timeouts: { total: 5s, header: x-request-timeout-ms }\n    retry: { on: [503], backoff: { base: 30ms, max: 30ms } }'
  )
  await send(gateway.url, '/')
  const [before, after] = [bad, good].map(({ hits }) => Number(hits[0]!.headers['x-request-timeout-ms']))
  assert.ok(before! <= 5000 && before! > 0 && after! <= before!)
})

test('extra attempts give back what they took from the budget, whichever way they end', async t => {
  const silent = await startTarget(t, () => {})
  const [bad, good] = [await startTarget(t, status(503)), await startTarget(t)]
  for (const targets of [[bad, good], [silent, good], [bad, bad]]) {
    const gateway = await gatewayTo(t, targets, 'retry: { on: [503], backoff: { base: 1ms, max: 1ms }, hedge: { after: 20ms } }')
    assert.equal((await send(gateway.url, '/')).status, targets.includes(good) ? 200 : 503)
    await gateway.logged(({ msg, attempts }) => msg === 'request completed' && attempts === 2)
    assert.doesNotMatch((await send(gateway.admin, '/upstreams')).text, /"(?:active|first|extra)":[1-9]/)
  }
})

test('a client that leaves during the wait for another attempt leaves nothing behind', async t => {
  const bad = await startTarget(t, status(503))
  const gateway = await gatewayTo(
    t,
    [bad],
    'retry: { attempts: 10, on: [503], backoff: { base: 1h, max: 1h } }\n    timeouts: { total: 0s }'
  )
  const leaving = new AbortController()
  const gone = fetch(gateway.url, { signal: leaving.signal }).catch(() => 'gone')
  bad.server.once('request', (_request, response) => response.once('close', () => leaving.abort()))
  assert.equal(await gone, 'gone')
  await gateway.logged(({ msg, code }) => msg === 'request completed' && code === 'client-closed')
  // Neither a place at the target nor a part of the budget.
  assert.doesNotMatch((await send(gateway.admin, '/upstreams')).text, /"(?:active|first|extra)":[1-9]/)
})

test('a response that begins before the upload ends is not cut by the timeout of responses', async t => {
  const uploaded = Promise.withResolvers<() => void>()
  const early = await startService(t, (request, response) => {
    response.writeHead(200)
    response.write('early ')
    request.resume().once('end', () => uploaded.resolve(() => response.end('late')))
  })
  const gateway = await startGateway(
    t,
    `upstreams: { back: { targets: ['${early.url}'], timeouts: { response: 200ms, total: 300ms } } }\nroutes: [{ path: '/*', upstream: ` +
      `back }]\n`
  )
  const upload = begin(gateway.url, '/', { method: 'POST', headers: { 'content-length': 2 } })
  upload.write('a')
  const answer = await headOf(upload)
  upload.end('b')
  // Longer than both timeouts: another request that runs into one of them tells when they have passed.
  const silent = await startService(t, () => {})
  const clock = await startGateway(
    t,
    `upstreams: { back: { targets: ['${silent.url}'], timeouts: { response: 500ms }, retry: { attempts: 1 } } }\nroutes: [{ path: ` +
      `'/*', upstream: back }]\n`
  )
  assert.equal((await send(clock.url, '/')).status, 504)
  const finish = await uploaded.promise
  finish()
  const whole = await readWhole(answer)
  assert.deepEqual([whole.body.toString(), whole.complete], ['early late', true])
})
