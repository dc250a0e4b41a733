/** `requestHeaders` have the last word: over clients, over policies, and over what the gateway itself writes. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes } from '../helpers/raw.ts'
import { startTarget } from '../helpers/target.ts'

/** All that the gateway, its tracing and an upstream's settings write of their own accord. */
const own = [
  'via', 'x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-prefix',
  'forwarded', 'x-request-id', 'max-forwards',
  'traceparent', 'tracestate', 'b3', 'x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled', 'baggage', 'x-left-ms', 'x-given', 'x-untold'
]

const policies = {
  'no policy': '',
  'a policy that gives fields': 'policies: { giving: { plugin: ./giving.ts } }\n'
}

const giving = `
export const config = { sets: () => ['x-given'] }
export default async function (app) {
  app.addHook('onRequest', (request, reply, done) => {
    request.exchange.upstreamFields = ['x-given', 'by the policy', 'x-untold', 'of which it has told nobody']
    done()
  })
}
giving[Symbol.for('skip-override')] = true
`.replace('export default async function (app)', 'async function giving (app)') + '\nexport default giving\n'

async function sentWith (t: TestContext, policy: string, rules: string): Promise<readonly string[]> {
  const target = await startTarget(t)
  const { url } = await startGateway(t, `
${policy}tracing: { propagation: [w3c, b3, b3-single, baggage] }
server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }
upstreams: { back: { targets: ['${target.url}'], forwarded: true, timeouts: { header: X-Left-Ms } } }
routes: [{ path: '/api/*', upstream: back, stripPrefix: /api${policy === '' ? '' : ', policies: [giving]'}${rules} }]
`, { files: { 'giving.ts': giving } })
  const answer = await exchangeBytes(
    t,
    url,
    `OPTIONS /api/x HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\nMax-Forwards: 3\r\nBaggage: k=v\r\ntraceparent: ` +
      `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\r\nTracestate: v=1\r\nX-Given: by the client\r\nX-Left-Ms: 1\r\n\r\n`
  )
  assert.equal(answer.status, 200, answer.text)
  return target.hits[0]!.rawHeaders
}

const linesOf = (
  rawHeaders: readonly string[],
  name: string
): string[] => rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]!.toLowerCase() === name)

for (const [what, policy] of Object.entries(policies)) {
  const given = own.filter(name => !['x-given', 'x-untold'].includes(name) || policy !== '')

  test(`${what}: without rules each of the gateway's fields is there once`, async t => {
    const fields = await sentWith(t, policy, '')
    for (const name of given) assert.equal(linesOf(fields, name).length, 1, name)
    assert.deepEqual(linesOf(fields, 'x-given'), policy === '' ? ['by the client'] : ['by the policy'])
    assert.notDeepEqual(linesOf(fields, 'x-left-ms'), ['1'])
  })

  test(`${what}: set gives each exactly one line, in any case of its name`, async t => {
    const fields = await sentWith(
      t,
      policy,
      `, requestHeaders: { set: { ${given.map(name => `${name.toUpperCase()}: "mine"`).join(', ')} } }`
    )
    for (const name of given) assert.deepEqual(linesOf(fields, name), ['mine'], name)
  })

  test(`${what}: set of what has no value leaves none`, async t => {
    const fields = await sentWith(
      t,
      policy,
      `, requestHeaders: { set: { ${given.map(name => `${name}: "\${header.x-absent}"`).join(', ')} } }`
    )
    for (const name of given) assert.deepEqual(linesOf(fields, name), [], name)
  })

  test(`${what}: remove leaves none`, async t => {
    const fields = await sentWith(t, policy, `, requestHeaders: { remove: [${given.map(name => name.toUpperCase()).join(', ')}] }`)
    for (const name of given) assert.deepEqual(linesOf(fields, name), [], name)
  })

  test(`${what}: add puts one line beside the gateway's, and alone where that is removed`, async t => {
    const added = given.map(name => `${name}: "mine"`).join(', ')
    const beside = await sentWith(t, policy, `, requestHeaders: { add: { ${added} } }`)
    for (const name of given) assert.deepEqual([linesOf(beside, name).length, linesOf(beside, name).includes('mine')], [2, true], name)
    // An attempt's own fields are written after those of the exchange, so what withholds them must know theirs from the user's.
    const alone = await sentWith(t, policy, `, requestHeaders: { remove: [${given.join(', ')}], add: { ${added} } }`)
    for (const name of given) assert.deepEqual(linesOf(alone, name), ['mine'], name)
  })
}

test('a field that only a policy knows of is ruled by itself as well', async t => {
  const policy = policies['a policy that gives fields']
  assert.deepEqual(linesOf(await sentWith(t, policy, ', requestHeaders: { remove: [X-Untold] }'), 'x-untold'), [])
  assert.deepEqual(linesOf(await sentWith(t, policy, ', requestHeaders: { set: { X-Untold: mine } }'), 'x-untold'), ['mine'])
})

test('fields that frame the message are refused with their place', async t => {
  for (const name of ['host', 'content-length', 'transfer-encoding', 'connection', 'te', 'expect']) {
    for (const rule of [`set: { ${name}: x }`, `add: { ${name}: x }`, `remove: [${name}]`]) {
      await assert.rejects(
        startGateway(t, `routes: [{ path: /, target: "http://127.0.0.1:1", requestHeaders: { ${rule} } }]`),
        /gateway\.yaml:\d+:\d+.*belongs to the connection/s,
        rule
      )
    }
  }
})

test('a rehearsal responds where the gateway itself would', async t => {
  const target = await startTarget(t)
  const { url, gateway } = await startGateway(t, `routes: [{ path: /, target: "${target.url}" }]`)
  for (const [hops, status, forwards] of [['0', 204, undefined], ['1', 200, '0']] as const) {
    const headers = { 'max-forwards': hops }
    const answer = await exchangeBytes(t, url, `OPTIONS / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nMax-Forwards: ${hops}\r\n\r\n`)
    const { outcome } = await gateway.explain({ method: 'OPTIONS', url: '/', headers })
    assert.deepEqual(
      [answer.status, outcome.status, linesOf(outcome.forwards?.headers ?? [], 'max-forwards')[0]],
      [status, status, forwards]
    )
  }
})
