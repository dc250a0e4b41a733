import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import type { ConfigRefused } from '../../src/config/load.ts'
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
    schema: { type: object, required: [item, quantity], additionalProperties: false, properties: { item: { type: string, minLength: 1, pattern: "^[a-z]+$" }, quantity: { type: integer, minimum: 1 } } }
    ${options}
routes: [{ path: /orders, target: ${target.url}, policies: [order] }]
`)
  return { ...gateway, target }
}

const post = async (url: string, body: string | Buffer, headers: Record<string, string> = json): Promise<Answer> => await send(url, '/orders', { method: 'POST', headers, body })
const errors = (answer: Answer): unknown => (JSON.parse(answer.text) as { errors: unknown }).errors

test('S0-49 a body that does not fit is a 400 that says where and why, and the upstream is not called', async t => {
  const { url, target } = await door(t)
  const answer = await post(url, '{"item":"ink","quantity":"many"}')
  assert.equal(answer.status, 400)
  assert.equal((JSON.parse(answer.text) as { code: string }).code, 'invalid-body')
  assert.deepEqual(errors(answer), [{ pointer: '/quantity', message: 'must be integer' }])
  assert.deepEqual(errors(await post(url, '{"item":"ink"}')), [{ pointer: '/quantity', message: "must have required property 'quantity'" }])
  assert.deepEqual(errors(await post(url, '')), [{ pointer: '', message: 'must be there' }])
  for (const [body, message] of [['{"item"', 'must be JSON'], ['{"item":"a","item":"b","quantity":1}', 'must not have two members of one name in an object'], [Buffer.from('{"item":"\xff"}', 'latin1'), 'must be UTF-8']] as const) {
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
  assert.equal((await post(url, '{"item":"ink","quantity":2}', { 'content-type': 'application/vnd.order+json; charset=utf-8' })).status, 200)
  assert.equal((await send(url, '/orders', { method: 'DELETE', body: 'x', headers: { 'content-length': '1' } })).status, 200)
  assert.equal((await send(url, '/orders', { method: 'POST' })).status, 200)
})

for (const [what, schema, message] of [
  ['a type that there is not', '{ type: object, properties: { a: { type: strnig } } }', /yaml:3:95 {2}expected one of array, .*, string, got "strnig" — did you mean "string"\?/],
  ['a value that a keyword cannot have', '{ properties: { a: { minLength: -1 } } }', /yaml:3:86 {2}must be >= 0/],
  ['a keyword that is misspelt', '{ type: object, requried: [a] }', /yaml:3:70 {2}unknown keyword "requried" — did you mean "required"\?/],
  ['a reference to nothing', '{ $ref: "#/nope" }', /cannot be used: can't resolve reference #\/nope/],
  ['an expression that a client can make slow', '{ type: string, pattern: "(a+)+$" }', /the regex "\(a\+\)\+\$" repeats a group/],
  ['such an expression as a name', '{ patternProperties: { "(a+)+$": {} } }', /the regex "\(a\+\)\+\$" repeats a group/],
  ['all items compared with each other', '{ type: array, uniqueItems: true }', /needs a maxItems of at most 1000/]
] as const) {
  test(`a file with ${what} is refused`, async t => {
    await assert.rejects(startGateway(t, `policies: { body: { plugin: body-validation, schema: ${schema} } }\nroutes: [{ path: /, respond: { text: ok }, policies: [body] }]`),
      (error: ConfigRefused) => { assert.match(error.message, message); return true })
  })
}
