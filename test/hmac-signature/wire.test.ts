/** Signed requests over real HTTP: the schemes of the page, computed here as their senders do. */

import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

const secret = 'a-secret-for-tests-of-signatures'
const body = Buffer.from('{"zen":"Keep it \u00e4wesome"}\r\n\0\xff', 'latin1')
const hmac = (parts: string | Buffer, { key = secret, algorithm = 'sha256', encoding = 'hex' }: {
  key?: string,
  algorithm?: string,
  encoding?: 'hex' | 'base64'
} = {}): string => createHmac(algorithm, key).update(parts).digest(encoding)
const joined = (...parts: (string | Buffer)[]): Buffer => Buffer.concat(parts.map(part => Buffer.from(part as string)))

interface Door extends TestGateway {
  readonly service: TestTarget
  readonly post: (headers: Record<string, string> | readonly string[], sent?: string | Buffer, path?: string) => Promise<Answer>
}

async function openDoor (t: TestContext, options: string, wall?: () => number): Promise<Door> {
  const service = await startTarget(t)
  const gateway = await startGateway(t, `
policies:
  signed: { plugin: hmac-signature, secrets: ["an-older-secret-for-tests-0123", ${secret}], ${options} }
routes: [{ path: '/*', target: "${service.url}", policies: [signed], requestHeaders: { set: { x-sub: "\${claims.sub}" } } }]
`, wall === undefined ? {} : { clock: { now: () => performance.now(), wall } })
  return {
    ...gateway,
    service,
    post: async (headers, sent = body, path = '/hook') => await send(gateway.url, path, { method: 'POST', headers, body: sent })
  }
}

const codeOf = ({ text }: Answer): string => (JSON.parse(text) as { code: string }).code

/** The options that the page shows for a sender. */
function shown (name: string): string {
  const page = readFileSync(new URL('../../docs/reference/identity.md', import.meta.url), 'utf8')
  const line = new RegExp(`^  ${name}: \\{ plugin: hmac-signature, secrets: \\["[^"]*"\\],\\s+([^]*?) \\}$`, 'm').exec(page)
  assert.ok(line, `${name} stands on the page`)
  return line[1]!
}

test('a body signed as GitHub does is let in and arrives byte for byte; one changed byte is refused', async t => {
  const { post, service } = await openDoor(t, shown('github'))
  const headers = { 'x-hub-signature-256': `sha256=${hmac(body)}` }
  assert.equal((await post(headers)).status, 200)
  assert.deepEqual([service.hits[0]!.body.equals(body), service.hits[0]!.headers['x-sub']], [true, 'github'])
  const changed = Buffer.from(body)
  changed[3] = 0x5a
  for (const answer of [
    await post(headers, changed),
    await post(headers, ''),
    await post(headers, Buffer.concat([body, Buffer.from(' ')]))
  ]) {
    assert.deepEqual(
      [answer.status, codeOf(answer), answer.headers['www-authenticate']],
      [401, 'invalid-token', 'Signature realm="onedoor", header="x-hub-signature-256"']
    )
  }
  assert.equal(service.hits.length, 1)
})

test('the published example of GitHub fits', async t => {
  const { url } = await startTarget(t)
  const gateway = await startGateway(
    t,
    `policies: { github: { plugin: hmac-signature, secrets: ["It's a Secret to Everybody"], ${shown('github')} } }\nroutes: [{ path: ` +
      `/, target: "${url}", policies: [github] }]`
  )
  const headers = { 'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17' }
  assert.equal((await send(gateway.url, '/', { method: 'POST', headers, body: 'Hello, World!' })).status, 200)
})

test('timestamp and body signed as Stripe does, with several signatures while secrets change', async t => {
  const wall = { now: 1_800_000_000_000 }
  const { post } = await openDoor(t, shown('stripe'), () => wall.now)
  const time = '1800000000'
  const v1 = hmac(joined(time, '.', body))
  const status = async (field: string): Promise<number> => (await post({ 'stripe-signature': field })).status
  assert.deepEqual([await status(`t=${time},v1=${v1}`), await status(`t=${time}, v1=${'0'.repeat(64)}, v1=${v1}, v0=x`)], [200, 200])
  for (const field of [
    `t=1800000001,v1=${v1}`, `v1=${v1}`, `t=${time},t=1800000001,v1=${v1}`, `t=${time},v0=${v1}`, `t=${time}`, v1,
    `t=,v1=${v1}`, `t=${time},v1=${v1.slice(2)}`, `t=${time},xv1=${v1}`, `xt=${time},v1=${v1}`
  ]) assert.equal(await status(field), 401, field)
  wall.now += 300_000
  assert.equal(await status(`t=${time},v1=${v1}`), 200)
  wall.now++
  assert.equal(await status(`t=${time},v1=${v1}`), 401)
  wall.now -= 600_002
  assert.equal(await status(`t=${time},v1=${v1}`), 401)
})

test('of many signatures in one field only the first ten are tried', async t => {
  const { post } = await openDoor(t, 'header: x-signatures, parameter: v1')
  const list = (before: number): Record<string, string> => ({ 'x-signatures': [
    ...Array<string>(before).fill(`v1=${'0'.repeat(64)}`),
    `v1=${hmac(body)}`
  ].join() })
  assert.deepEqual([(await post(list(9))).status, (await post(list(10))).status], [200, 401])
})

test('a timestamp in milliseconds is one', async t => {
  const { post } = await openDoor(
    t,
    'header: x-signature, signed: [timestamp, body], timestamp: { header: x-at, unit: ms, tolerance: 1s }',
    () => 1_800_000_000_000
  )
  const status = async (at: string): Promise<number> => (await post({ 'x-at': at, 'x-signature': hmac(joined(at, '\n', body)) })).status
  assert.deepEqual(
    [await status('1800000000000'), await status('1800000001000'), await status('1799999998999'), await status('1800000000')],
    [200, 200, 401, 401]
  )
})

test('version, timestamp and body signed as Slack does', async t => {
  const { post } = await openDoor(t, shown('slack'), () => 1_800_000_000_000)
  const headers = { 'x-slack-request-timestamp': '1800000010', 'x-slack-signature': `v0=${hmac(joined('v0:1800000010:', body))}` }
  assert.equal((await post(headers)).status, 200)
  assert.equal((await post({ ...headers, 'x-slack-request-timestamp': '1800000011' })).status, 401)
  assert.equal((await post(['host', 'gateway', ...Object.entries(headers).flat(), 'X-Slack-Request-Timestamp', '1800000010'])).status, 401)
})

test('method, path, query and headers are signed as they came; any of the secrets will do', async t => {
  const { post, service } = await openDoor(
    t,
    'header: x-signature, algorithm: sha512, encoding: base64, signed: [method, path, query, "header:x-id"], separator: "|"'
  )
  const sign = (text: string, key = secret): string => hmac(text, { key, algorithm: 'sha512', encoding: 'base64' })
  const at = async (
    path: string,
    signature: string,
    more: Record<string, string> = { 'x-id': '7' }
  ): Promise<number> => (await post({ 'x-signature': signature, ...more }, 'any', path)).status
  assert.equal(await at('/a%7e/b?x=%20&y', sign('POST|/a%7e/b|x=%20&y|7')), 200)
  assert.equal(await at('/a', sign('POST|/a||7', 'an-older-secret-for-tests-0123')), 200)
  for (const [path, signature, more] of [
    ['/a?x=1', sign('POST|/a||7'), undefined],
    ['/b', sign('POST|/a||7'), undefined],
    ['/a', sign('GET|/a||7'), undefined],
    ['/a', sign('POST|/a||7'), { 'x-id': '8' }],
    ['/a', sign('POST|/a||'), {}],
    ['/a', sign('POST|/a||7', 'x'), undefined],
    ['/a', sign('POST|/a||7').replace(/=+$/, ''), undefined]
  ] as const) {
    assert.equal(await at(path, signature, more), 401, path)
  }
  assert.equal(service.hits.length, 2)
})

test('S1-24 without a signature the response is missing-token, S1-25 with a malformed or repeated one invalid-token', async t => {
  const { post, service } = await openDoor(t, 'header: x-signature')
  const good = hmac(body)
  assert.equal(codeOf(await post({})), 'missing-token')
  for (const value of ['', 'x', good.slice(1), `${good}00`, `sha256=${good}`, 'g'.repeat(64)]) {
    assert.equal(codeOf(await post({ 'x-signature': value })), 'invalid-token', value)
  }
  assert.equal(codeOf(await post(['host', 'gateway', 'x-signature', good, 'X-Signature', good])), 'invalid-token')
  assert.equal((await post({ 'x-signature': good.toUpperCase() })).status, 200)
  assert.equal(service.hits.length, 1)
})

test('a body beyond maxBody is a 413', async t => {
  const { post, admin } = await openDoor(t, 'header: x-signature, maxBody: 100b')
  const large = 'x'.repeat(101)
  assert.equal((await post({ 'x-signature': hmac(large) }, large)).status, 413)
  assert.equal((await post({ 'x-signature': hmac(large), 'transfer-encoding': 'chunked' }, large)).status, 413)
  assert.equal((await post({ 'x-signature': hmac(large.slice(1)), 'transfer-encoding': 'chunked' }, large.slice(1))).status, 200)
  assert.match(await (await fetch(`${admin}/metrics`)).text(), /gateway_auth_decisions_total\{policy="signed",decision="refused"\} 2\n/)
})

test('a message without a header that is to be signed is refused, also with a signature over the rest', async t => {
  const { post } = await openDoor(t, 'header: x-signature, signed: ["header:x-a", "text:v:1", body]')
  assert.equal((await post({ 'x-a': 'a', 'x-signature': hmac(joined('a\nv:1\n', body)) })).status, 200)
  assert.equal((await post({ 'x-signature': hmac(joined('v:1\n', body)) })).status, 401)
})

test('the prefix of the file precedes the signature, and an unsigned body may be as long as the route allows', async t => {
  const { post } = await openDoor(t, 'header: x-signature, prefix: "sha256=", signed: [method], maxBody: 10b')
  const signature = hmac('POST')
  assert.deepEqual(
    [
      (await post({ 'x-signature': `sha256=${signature}` })).status,
      (await post({ 'x-signature': `sha512=${signature}` })).status,
      (await post({ 'x-signature': signature })).status
    ],
    [200, 401, 401]
  )
})

test('a timestamp is a whole number', async t => {
  const { post } = await openDoor(t, 'header: x-signature, signed: [timestamp, body], timestamp: { header: x-at }', () => 1_800_000_000_000)
  for (const [at, status] of [['1800000000', 200], ['1800000000.5', 401], ['01800000000', 200], ['', 401], ['1.8e9', 401]] as const) {
    assert.equal((await post({ 'x-at': at, 'x-signature': hmac(joined(at, '\n', body)) })).status, status, at)
  }
})

test('a secret below sixteen bytes, and parts with nothing between them, are warned of', async t => {
  const warnings = async (key: string, options: string): Promise<string> => {
    const { gateway } = await startGateway(t, `policies:
  signed: { plugin: hmac-signature, header: x-s, secrets: ["${key}"], ${options} }
routes: [{ path: /, respond: {}, policies: [signed] }]`)
    return gateway.warnings.join()
  }
  assert.match(await warnings('x'.repeat(15), ''), /is shorter than 16 bytes/)
  assert.equal(await warnings('x'.repeat(16), 'separator: ""'), '')
  assert.match(await warnings('x'.repeat(16), 'separator: "", signed: [method, body]'), /can be divided in another way/)
})

test('explain says what it can say without a body, metrics count, and the log has neither secret nor signature in it', async t => {
  const { post, admin, gateway, logs, logged } = await openDoor(t, 'header: x-signature, consumer: hooks')
  await post({ 'x-signature': hmac(body) })
  await post({ 'x-signature': hmac('other') })
  const why = async (headers: Record<string, string>) => (await gateway.explain({
    method: 'POST',
    url: '/',
    headers
  })).decisions.filter(({ by }) => by === 'signed').map(decision => `${decision.verdict}: ${decision.why}`)
  assert.deepEqual(
    [await why({}), await why({ 'x-signature': 'x' }), await why({ 'x-signature': hmac('') })],
    [
      ['refused: no signature in header x-signature'],
      ['refused: not a signature of sha256 in hex'],
      ['unknown: the signature covers the body, and a rehearsal has none']
    ]
  )
  const text = await (await fetch(`${admin}/metrics`)).text()
  for (const decision of ['allowed', 'refused']) {
    assert.ok(text.includes(`gateway_auth_decisions_total{policy="signed",decision="${decision}"} 1\n`), decision)
  }
  assert.equal((await logged(line => line['status'] === 200))['sub'], 'hooks')
  for (const hidden of [secret, hmac(body), hmac('other')]) assert.equal(JSON.stringify(logs).includes(hidden), false)
  assert.equal(JSON.stringify(gateway.effectiveConfig()).includes(secret), false)
})

for (const [what, options, said] of [
  [
    'a timestamp that is not signed',
    'header: x-s, timestamp: { header: x-t }',
    /is not signed, so anybody could write a new one — put timestamp into signed/
  ],
  ['a timestamp from nowhere', 'header: x-s, signed: [timestamp, body]', /needs timestamp beside signed/],
  [
    'a timestamp from two places',
    'header: x-s, parameter: v1, signed: [timestamp], timestamp: { header: x-t, parameter: t }',
    /needs either header or parameter/
  ],
  ['prefix and parameter', 'header: x-s, parameter: v1, prefix: "a="', /cannot stand beside parameter/],
  ['a signature of itself', 'header: X-S, signed: ["header:x-s"]', /a signature cannot sign itself/],
  ['an unknown part', 'header: x-s, signed: [boby]', /expected method, path, query, timestamp, body, header:NAME or text:WORDS, got "boby"/]
] as const) {
  test(`refused: ${what}`, async t => {
    await assert.rejects(openDoor(t, options), (error: Error) => {
      assert.match(error.message, said)
      assert.equal(error.message.includes(secret), false)
      return true
    })
  })
}
