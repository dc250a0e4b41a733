/** Header fields of a request, as Node's parser hands them over. */

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { RequestFields } from '../../src/http/request-fields.ts'

/** What Node makes of these lines. */
async function parse (t: TestContext, ...lines: string[]): Promise<{ readonly raw: IncomingMessage, readonly fields: RequestFields }> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  t.after(() => { client.destroy(); server.close() })
  client.write(['GET / HTTP/1.1', 'Host: a', ...lines, '', ''].join('\r\n'))
  const [raw] = await once(server, 'request') as [IncomingMessage]
  return { raw, fields: new RequestFields(raw) }
}

test('a field that occurs once is read whatever its case, and a repeated one is told from an absent one', async t => {
  const { raw, fields } = await parse(t, 'AUTHORIZATION: one', 'x-a: 1', 'X-A: 1', 'x-authorization: no')
  assert.equal(fields.only('authorization'), 'one')
  assert.equal(fields.only('x-a'), null)
  assert.equal(fields.only('x-b'), undefined)
  assert.deepEqual(fields.values('x-a'), ['1', '1'])
  assert.deepEqual(fields.list, raw.rawHeaders)
})

test('a second Host or Authorization, which Node hides, is seen', async t => {
  const { raw, fields } = await parse(t, 'hOST: a', 'Authorization: x', 'authorization: y')
  assert.deepEqual([raw.headers.host, raw.headers.authorization], ['a', 'x'])
  assert.deepEqual([fields.only('host'), fields.only('authorization')], [null, null])
})

test('what is dropped is gone from both forms, all of it and nothing else', async t => {
  const { raw, fields } = await parse(t, 'X-Key: 1', 'x-keys: 2', 'x-key: 3')
  fields.drop('x-key')
  fields.drop('x-absent')
  assert.deepEqual(raw.rawHeaders, ['Host', 'a', 'x-keys', '2'])
  assert.deepEqual(raw.headers, { host: 'a', 'x-keys': '2' })
})

test('what is set replaces all fields of the name', async t => {
  const { raw, fields } = await parse(t, 'X-User: 1', 'x-user: 2')
  fields.set('x-user', 'ada')
  fields.set('x-new', 'b')
  assert.deepEqual(raw.rawHeaders, ['Host', 'a', 'x-user', 'ada', 'x-new', 'b'])
  assert.deepEqual(raw.headers, { host: 'a', 'x-user': 'ada', 'x-new': 'b' })
})

test('an edit keeps the lines apart and joins them as Node does', async t => {
  const { raw, fields } = await parse(t, 'Cookie: a=1; b=2', 'cookie: b=3', 'Accept: x', 'accept: y')
  fields.edit('cookie', value => value.replaceAll('b=', 'c='))
  fields.edit('accept', value => value === 'x' ? undefined : value)
  assert.deepEqual(raw.rawHeaders, ['Host', 'a', 'Cookie', 'a=1; c=2', 'cookie', 'c=3', 'accept', 'y'])
  assert.deepEqual(raw.headers, { host: 'a', cookie: 'a=1; c=2; c=3', accept: 'y' })
})
