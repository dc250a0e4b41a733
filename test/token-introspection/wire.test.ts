/** Token introspection over real HTTP: what the issuer says decides, and is remembered for as long as it may be. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startRawTarget } from '../helpers/target.ts'
import { codeIn, epoch, openDoor, startIssuer } from './issuer.ts'

const second = epoch / 1000

test('S1-35 an active token is admitted, an inactive one is not, and without a response none is', async t => {
  const issuer = await startIssuer(t, token => ({ active: token === 'good', sub: 'ada' }))
  const { ask, codeOf, service } = await openDoor(t, { issuer })
  assert.equal((await ask('good')).status, 200)
  const refused = await ask('bad')
  assert.equal(refused.status, 401)
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="onedoor", error="invalid_token"')
  assert.equal((await ask(undefined)).headers['www-authenticate'], 'Bearer realm="onedoor"')
  await issuer.close()
  assert.equal((await ask('other')).status, 503)
  assert.equal(await codeOf('other'), 'identity-unavailable')
  assert.equal(service.hits.length, 1)
})

test('S1-34 several verifiers work side by side, each on its own routes, and an unknown one is rejected with the list', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { write, gateway, ask } = await openDoor(t, { issuer })
  assert.equal((await ask('x')).status, 200)
  write(`
policies: { login: { plugin: token-introspektion, endpoint: "${issuer.url}", client: { id: a, secret: b } } }
routes: [{ path: /, respond: {}, policies: [login] }]
`)
  const { ok, problems } = await gateway.reload('test')
  assert.equal(ok, false)
  assert.match(problems.join(), /token-introspektion.*did you mean "token-introspection"/s)
})

test('S1-79 a slow issuer costs a request no more than its timeout, and then it is a 503', async t => {
  const issuer = await startIssuer(t, () => undefined)
  const { ask, logged } = await openDoor(t, { issuer, options: ', timeout: 50ms' })
  assert.equal(codeIn(await ask('any')), 'identity-unavailable')
  const line = await logged(({ msg }) => msg === 'request failed')
  assert.match(JSON.stringify(line['err']), /no response within 50 ms/)
})

test('the question is the form of RFC 7662, and the response becomes claims', async t => {
  const issuer = await startIssuer(t, () => ({ active: true, sub: 'ada', realm_access: { roles: ['admin', 'user'] } }))
  const {
    ask,
    service
  } = await openDoor(t, { issuer, options: ', identityHeaders: { X-User: sub, x-roles: realm_access.roles, x-mail: email }' })
  await ask('a+b/c~==', { 'x-user': 'root', 'X-Mail': 'root@example.com' })
  const { method, url, headers, body } = issuer.hits[0]!
  assert.deepEqual(
    [method, url, headers['content-type'], body.toString()],
    ['POST', '/introspect', 'application/x-www-form-urlencoded', 'token=a%2Bb%2Fc%7E%3D%3D&token_type_hint=access_token']
  )
  const { headers: forwarded } = service.hits[0]!
  assert.deepEqual([forwarded['x-user'], forwarded['x-roles'], forwarded['x-mail']], ['ada', 'admin,user', undefined])
})

test('a remembered response is not asked for again until its time is over, and a bad one for a time of its own', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, token => ({ active: token === 'good' }))
  const { ask } = await openDoor(t, { issuer, time, options: ', cache: { ttl: 30s, negativeTtl: 10s }' })
  for (const [now, hits] of [[0, 2], [9_999, 2], [10_000, 3], [19_999, 3], [29_999, 4], [30_000, 5]] as const) {
    time.now = now
    assert.deepEqual([(await ask('good')).status, (await ask('bad')).status], [200, 401])
    assert.equal(issuer.hits.length, hits, String(now))
  }
})

test('a date with a fraction is a date, and ends what is remembered in its millisecond', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, () => ({ active: true, exp: second + 0.5 }))
  const { codeOf } = await openDoor(t, { issuer, time, options: ', cache: { ttl: 1h }' })
  time.now = 499
  assert.equal(await codeOf('x'), undefined)
  time.now = 500
  assert.equal(await codeOf('x'), 'invalid-token')
})

test('a remembered token ends in the instant it expires', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, () => ({ active: true, exp: second + 5 }))
  const { codeOf } = await openDoor(t, { issuer, time, options: ', cache: { ttl: 1h }' })
  assert.equal(await codeOf('x'), undefined)
  time.now = 4999
  assert.equal(await codeOf('x'), undefined)
  time.now = 5000
  assert.equal(await codeOf('x'), 'invalid-token')
})

test('a thousand made-up tokens push out no good one', async t => {
  const issuer = await startIssuer(t, token => ({ active: token === 'good' }))
  const { ask } = await openDoor(t, { issuer, options: ', cache: { maximum: 3 }' })
  await ask('good')
  for (let n = 0; n < 20; n++) assert.equal((await ask(`made-up-${n}`)).status, 401)
  const before = issuer.hits.length
  assert.equal((await ask('good')).status, 200)
  assert.equal(issuer.hits.length, before)
})

test('requests with one token at one time are one question', async t => {
  let answer = (): void => {}
  const asked = new Promise<void>(resolve => {
    answer = resolve
  })
  const issuer = await startIssuer(t, (_token, response) => {
    void asked.then(() => response.setHeader('content-type', 'application/json').end('{"active":true}'))
    return undefined
  })
  const { ask } = await openDoor(t, { issuer })
  const answers = Promise.all(Array.from({ length: 20 }, async () => (await ask('same')).status))
  await new Promise<void>(resolve => { issuer.server.once('request', () => resolve()) })
  answer()
  assert.deepEqual(new Set(await answers), new Set([200]))
  assert.equal(issuer.hits.length, 1)
})

test('a reload forgets no response, and one with other demands forgets them all', async t => {
  const issuer = await startIssuer(t, () => ({ active: true, scope: 'read' }))
  const { ask, gateway, write, service } = await openDoor(t, { issuer })
  const yaml = (options: string): string => `
policies: { login: { plugin: token-introspection, endpoint: "${issuer.url}/introspect", client: { id: door, secret: s3cret }${options} } }
routes: [{ path: '/*', target: "${service.url}", policies: [login] }, { path: /new, respond: {}, policies: [login] }]
`
  await ask('x')
  write(yaml(''))
  assert.equal((await gateway.reload('test')).ok, true)
  assert.equal((await ask('x')).status, 200)
  assert.equal(issuer.hits.length, 1)
  write(yaml(', scopes: [write]'))
  assert.equal((await gateway.reload('test')).ok, true)
  const refused = await ask('x')
  assert.equal(refused.status, 403)
  assert.equal(refused.headers['www-authenticate'], 'Bearer realm="onedoor", error="insufficient_scope", scope="write"')
  assert.equal(issuer.hits.length, 2)
})

test('after failures in a row no request waits, and one request shows that the issuer is back', async t => {
  const time = { now: 0 }
  let down = true
  const issuer = await startIssuer(t, (_token, response) => {
    if (!down) return { active: true }
    response.statusCode = 503
    response.end()
    return undefined
  })
  const { ask, codeOf, logs } = await openDoor(t, { issuer, time, options: ', breaker: { failures: 3, openFor: 5s }' })
  for (let n = 0; n < 10; n++) assert.equal(await codeOf(`t${n}`), 'identity-unavailable')
  assert.equal(issuer.hits.length, 3)
  assert.equal((await ask('t')).headers['retry-after'], '5')
  assert.equal(logs.filter(({ msg }) => msg === 'request failed').length, 3)
  down = false
  time.now = 3500
  // Whole seconds, and never too few.
  assert.equal((await ask('t')).headers['retry-after'], '2')
  time.now = 4999
  assert.equal(await codeOf('t'), 'identity-unavailable')
  time.now = 5000
  assert.equal(await codeOf('t'), undefined)
  assert.equal(await codeOf('u'), undefined)
})

for (const [what, status, body] of [
  ['400', 400, '{"error":"invalid_request"}'],
  ['500', 500, ''],
  ['401 to the gateway', 401, ''],
  ['200 and no JSON', 200, '<html>'],
  ['200 and no "active"', 200, '{}'],
  ['200 and too much', 200, ' '.repeat(300_000)]
] as const) {
  test(`junk tokens to which the issuer responds with ${what} lock out no other client`, async t => {
    const issuer = await startIssuer(t, (token, response) => {
      if (!token.startsWith('junk')) return { active: true }
      response.statusCode = status
      response.end(body)
      return undefined
    })
    const { codeOf } = await openDoor(t, { issuer, options: ', breaker: { failures: 2, openFor: 1h }' })
    for (let index = 0; index < 5; index++) assert.equal(await codeOf(`junk${index}`), 'identity-unavailable')
    assert.equal(await codeOf('good'), undefined)
  })
}

test('a response that says nothing about a token is not remembered: the next request with it is asked about', async t => {
  const statuses = [400, 500, 401, 429, 200]
  const issuer = await startIssuer(t, (_token, response) => {
    response.statusCode = statuses[issuer.hits.length - 1]!
    return response.statusCode === 200 ? { active: true } : { active: false }
  })
  const { codeOf } = await openDoor(t, { issuer })
  for (const status of statuses) assert.equal(await codeOf('same'), status === 200 ? undefined : 'identity-unavailable', String(status))
  assert.equal(issuer.hits.length, statuses.length)
})

test('whenUnavailable: stale lets in who was let in before, for a while, and never beyond exp', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, token => ({ active: token !== 'bad', ...(token === 'short' ? { exp: second + 20 } : {}) }))
  const { codeOf } = await openDoor(t, { issuer, time, options: ', whenUnavailable: stale, cache: { ttl: 10s, staleFor: 1m }' })
  for (const token of ['long', 'short', 'bad']) await codeOf(token)
  await issuer.close()
  for (const [now, long, short] of [
    [10_000, undefined, undefined],
    [20_000, undefined, 'invalid-token'],
    [69_999, undefined, 'invalid-token'],
    [70_000, 'identity-unavailable', 'identity-unavailable']
  ] as const) {
    time.now = now
    assert.equal(await codeOf('long'), long, String(now))
    assert.equal(await codeOf('short'), short, String(now))
    assert.equal(await codeOf('bad'), 'identity-unavailable')
    assert.equal(await codeOf('new'), 'identity-unavailable')
  }
})

for (const [what, bytes] of [
  ['a page', 'HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 6\r\n\r\n<html>'],
  ['an empty body', 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n'],
  ['null', 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nnull'],
  ['a list', 'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n[{"active":true}]'],
  ['"active" as text', 'HTTP/1.1 200 OK\r\ncontent-length: 17\r\n\r\n{"active":"true"}'],
  ['a body that is cut short', 'HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"active":true}'],
  ['a redirect', 'HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n'],
  ['201', 'HTTP/1.1 201 Created\r\ncontent-length: 15\r\n\r\n{"active":true}'],
  ['401 to the gateway', 'HTTP/1.1 401 Unauthorized\r\ncontent-length: 0\r\n\r\n'],
  ['429', 'HTTP/1.1 429 Too Many Requests\r\ncontent-length: 0\r\n\r\n'],
  ['no HTTP', 'hello\r\n\r\n'],
  ['more than fits', `HTTP/1.1 200 OK\r\ncontent-length: 400000\r\n\r\n{"active":true,"x":"${'x'.repeat(399_978)}"}`]
] as const) {
  test(`an issuer that responds with ${what} admits no client: 503, without details`, async t => {
    const issuer = await startRawTarget(t, socket => socket.once('data', () => socket.end(bytes)))
    const { ask, service } = await openDoor(t, { issuer })
    const answer = await ask('any')
    assert.equal(codeIn(answer), 'identity-unavailable')
    assert.ok(!answer.text.includes(String(issuer.port)) && !answer.text.includes('active'))
    assert.equal(service.hits.length, 0)
  })
}

test('no token and no secret reaches log or client', async t => {
  const issuer = await startIssuer(t, (token, response) => {
    if (token !== 'very-secret-token') return { active: false }
    response.statusCode = 500
    response.end(token)
    return undefined
  })
  const { ask, logs } = await openDoor(t, { issuer })
  const answers = [await ask('very-secret-token'), await ask('other-secret-token')]
  assert.doesNotMatch(JSON.stringify([logs, answers.map(({ text, rawHeaders }) => [text, rawHeaders])]), /secret-token|s3cret/)
})

test('forwardToken: false takes the token out for the service, once it was let in', async t => {
  const issuer = await startIssuer(t, () => ({ active: true }))
  const { ask, service } = await openDoor(t, { issuer, options: ', forwardToken: false' })
  await ask('x')
  await ask('x')
  assert.deepEqual(service.hits.map(({ headers }) => headers.authorization), [undefined, undefined])
})

test('explain sends nothing: it shows the cached verdict, or that it did not ask', async t => {
  const issuer = await startIssuer(t, token => ({ active: token === 'good', sub: 'ada' }))
  const { ask, gateway } = await openDoor(t, { issuer })
  await ask('good')
  await ask('bad')
  const decisions = async (token: string) => (await gateway.explain({
    method: 'GET',
    url: '/orders',
    headers: { authorization: `Bearer ${token}` }
  })).decisions.filter(({ by }) => by === 'login')
  assert.deepEqual(await decisions('good'), [{ by: 'login', verdict: 'allowed', why: 'active token of ada' }])
  assert.deepEqual(await decisions('bad'), [{ by: 'login', verdict: 'refused', why: 'the token is not active' }])
  assert.deepEqual(await decisions('new'), [
    { by: 'login', verdict: 'unknown', why: 'the service is not asked in a rehearsal' }
  ])
  assert.equal(issuer.hits.length, 2)
})

test('explain knows that a remembered token has expired', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, () => ({ active: true, exp: second + 5 }))
  const { ask, gateway } = await openDoor(t, { issuer, time, options: ', cache: { ttl: 1h }, clockTolerance: 2s' })
  await ask('x')
  const why = async () => (await gateway.explain({
    method: 'GET',
    url: '/orders',
    headers: { authorization: 'Bearer x' }
  })).decisions.find(({ by }) => by === 'login')!.why
  time.now = 6999
  assert.equal(await why(), 'active token of no subject')
  time.now = 7000
  assert.match(await why(), /^(?:expired|the service is not asked in a rehearsal)$/)
})

test('a token of too few scopes is remembered as a bad one', async t => {
  const time = { now: 0 }
  const issuer = await startIssuer(t, () => ({ active: true, scope: 'read' }))
  const { codeOf } = await openDoor(t, { issuer, time, options: ', scopes: [write], cache: { ttl: 1h, negativeTtl: 10s }' })
  for (const [now, hits] of [[0, 1], [9999, 1], [10_000, 2]] as const) {
    time.now = now
    assert.equal(await codeOf('x'), 'insufficient-scope')
    assert.equal(issuer.hits.length, hits)
  }
})

test('decisions are counted', async t => {
  const issuer = await startIssuer(t, token => ({ active: token === 'good' }))
  const { ask, admin } = await openDoor(t, { issuer, options: ', breaker: { failures: 1 }' })
  for (const token of ['good', 'good', 'bad', undefined]) await ask(token)
  await issuer.close()
  await ask('new')
  const text = await (await fetch(`${admin}/metrics`)).text()
  for (const [decision, count] of [['allowed', 2], ['refused', 2], ['unavailable', 1]] as const) {
    assert.ok(text.includes(`gateway_auth_decisions_total{policy="login",decision="${decision}"} ${count}\n`), decision)
  }
})
