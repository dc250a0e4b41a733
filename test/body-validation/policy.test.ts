import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ConfigRefused } from '../../src/config/check/config-refused.ts'
import { begin, answerTo, send, type Answer } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'

const json = { 'content-type': 'application/json' }

async function door (t: TestContext, options = ''): Promise<TestGateway & { target: TestTarget }> {
  const target = await startTarget(t)
  const gateway = await startGateway(t, `
policies:
  order:
    plugin: body-validation
    schema: { type: object, required: [item, quantity], additionalProperties: false,
      properties: { item: { type: string, minLength: 1, pattern: "^[a-z]+$" }, quantity: { type: integer, minimum: 1 } } }
    ${options}
routes: [{ path: /orders, target: ${target.url}, policies: [order] }]
`)
  return { ...gateway, target }
}

const post = async (
  url: string,
  body: string | Buffer,
  headers: Record<string, string> = json
): Promise<Answer> => await send(url, '/orders', { method: 'POST', headers, body })
const errors = (answer: Answer): unknown => (JSON.parse(answer.text) as { errors: unknown }).errors

test('S0-49 a body that does not fit is a 400 that says where and why, and the upstream is not called', async t => {
  const { url, target } = await door(t)
  const answer = await post(url, '{"item":"ink","quantity":"many"}')
  assert.equal(answer.status, 400)
  assert.equal((JSON.parse(answer.text) as { code: string }).code, 'invalid-body')
  assert.deepEqual(errors(answer), [{ pointer: '/quantity', message: 'must be integer' }])
  assert.deepEqual(errors(await post(url, '{"item":"ink"}')), [{ pointer: '/quantity', message: "must have required property 'quantity'" }])
  assert.deepEqual(errors(await post(url, '')), [{ pointer: '', message: 'must be there' }])
  for (const [body, message] of [
    ['{"item"', 'must be JSON'],
    ['{"item":"a","item":"b","quantity":1}', 'must not have two members of one name in an object'],
    [Buffer.from('{"item":"\xff"}', 'latin1'), 'must be UTF-8'],
    ['\ufeff{"item":"a","quantity":1}', 'must be JSON']
  ] as const) {
    assert.deepEqual(errors(await post(url, body)), [{ pointer: '', message }])
  }
  assert.equal(target.hits.length, 0)
})

test('a body that fits goes on byte for byte, chunked or not', async t => {
  const { url, target } = await door(t)
  const body = ' { "quantity" : 1 ,\n"item":"ink" } '
  assert.equal((await post(url, body)).status, 200)
  const chunked = begin(url, '/orders', { method: 'POST', headers: { ...json, 'transfer-encoding': 'chunked' } })
  chunked.write(body.slice(0, 5))
  chunked.end(body.slice(5))
  assert.equal((await answerTo(chunked)).status, 200)
  assert.deepEqual(target.hits.map(hit => hit.body.toString()), [body, body])
})

test('another media type, and a compressed body, are a 415; a longer body than is read a 413', async t => {
  const { url, target } = await door(t, 'maxBody: 64b')
  assert.equal((await post(url, '{}', { 'content-type': 'text/plain' })).status, 415)
  assert.equal((await post(url, '{}', { ...json, 'content-encoding': 'gzip' })).status, 415)
  assert.equal((await post(url, JSON.stringify({ item: 'x'.repeat(100), quantity: 1 }))).status, 413)
  const chunked = begin(url, '/orders', { method: 'POST', headers: { ...json, 'transfer-encoding': 'chunked' } })
  chunked.write(Buffer.alloc(100, ' '))
  assert.equal((await answerTo(chunked)).status, 413)
  assert.equal(target.hits.length, 0)
})

test('types with the JSON suffix are JSON, and methods that are not named pass', async t => {
  const { url } = await door(t, 'required: false')
  assert.equal(
    (await post(url, '{"item":"ink","quantity":2}', { 'content-type': 'application/vnd.order+json; charset=utf-8' })).status,
    200
  )
  assert.equal((await send(url, '/orders', { method: 'DELETE', body: 'x', headers: { 'content-length': '1' } })).status, 200)
  assert.equal((await send(url, '/orders', { method: 'POST' })).status, 200)
})

test('at most twenty problems are reported, and a missing member is named at its place', async t => {
  const { url } = await startGateway(t, `
policies:
  one: { plugin: body-validation, schema: { anyOf: [${Array.from({ length: 30 }, (_, index) => `{ const: ${index} }`).join()}] } }
  odd: { plugin: body-validation, schema: { type: object, required: ["a/b~c"] } }
routes: [{ path: /orders, respond: {}, policies: [one] }, { path: /odd, respond: {}, policies: [odd] }]`)
  assert.equal((errors(await post(url, '99')) as unknown[]).length, 20)
  const answer = await send(url, '/odd', { method: 'POST', headers: json, body: '{}' })
  assert.deepEqual((errors(answer) as { pointer: string }[]).map(({ pointer }) => pointer), ['/a~1b~0c'])
})

test('explain says that a rehearsal has no body', async t => {
  const { gateway } = await door(t)
  const { outcome, decisions } = await gateway.explain({ method: 'POST', url: '/orders', headers: json })
  assert.equal(outcome.code, undefined)
  assert.deepEqual(decisions.find(({ by }) => by === 'order'), { by: 'order', verdict: 'unknown', why: 'a rehearsal has no body' })
})

test('a 415 says what would be taken', async t => {
  const { url } = await door(t)
  const body = '{"item":"ink","quantity":2}'
  assert.equal((await post(url, body, { 'content-type': 'text/plain' })).headers.accept, 'application/json')
  assert.equal((await post(url, body, { ...json, 'content-encoding': 'gzip' })).headers['accept-encoding'], 'identity')
})

test('what is data in a schema is not read as one, and a thousand items may be compared', async t => {
  const schema = `{ type: object, patternProperties: { "^x-": { type: string } }, properties: {
    requried: { const: { requried: 1, pattern: "(a+)+$" } }, list: { type: array, uniqueItems: true, maxItems: 1000 }
  }, default: { requried: 1 } }`
  await startGateway(
    t,
    `policies: { body: { plugin: body-validation, schema: ${schema} } }\nroutes: [{ path: /, respond: { text: ok }, policies: [body] }]`
  )
})

for (const [what, schema, message] of [
  ['a misspelt keyword of a member', '{ properties: { a: { requried: [a] } } }', /yaml:3:75 {2}unknown keyword "requried"/],
  [
    'a condition that leads to nothing',
    '{ type: object, if: {} }',
    /cannot be used: strict mode: "if" without "then" and "else" is ignored/
  ],
  ['one item too many to compare', '{ type: array, uniqueItems: true, maxItems: 1001 }', /needs a maxItems of at most 1000/],
  [
    'a type that there is not',
    '{ type: object, properties: { a: { type: strnig } } }',
    /yaml:3:95 {2}expected one of array, .*, string, got "strnig" — did you mean "string"\?/
  ],
  ['a value that a keyword cannot have', '{ properties: { a: { minLength: -1 } } }', /yaml:3:86 {2}must be >= 0/],
  ['a keyword that is misspelt', '{ type: object, requried: [a] }', /yaml:3:70 {2}unknown keyword "requried" — did you mean "required"\?/],
  ['a reference to nothing', '{ $ref: "#/nope" }', /cannot be used: can't resolve reference #\/nope/],
  ['an expression that a client can make slow', '{ type: string, pattern: "(a+)+$" }', /the regex "\(a\+\)\+\$" repeats a group/],
  ['such an expression as a name', '{ patternProperties: { "(a+)+$": {} } }', /the regex "\(a\+\)\+\$" repeats a group/],
  ['all items compared with each other', '{ type: array, uniqueItems: true }', /needs a maxItems of at most 1000/]
] as const) {
  test(`a file with ${what} is refused`, async t => {
    await assert.rejects(startGateway(
      t,
      `policies: { body: { plugin: body-validation, schema: ${schema} } }\nroutes: [{ path: /, respond: { text: ok }, policies: [body] }]`
    ),
      (error: ConfigRefused) => { assert.match(error.message, message); return true })
  })
}
