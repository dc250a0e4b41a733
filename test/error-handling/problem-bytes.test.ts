/** Responses that are written without a request. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons } from '../../src/contract/errors.ts'
import { rawProblem } from '../../src/listeners/raw-problem.ts'
import { startGateway } from '../helpers/gateway.ts'
import { exchangeBytes, readAnswer } from '../helpers/raw.ts'

test('a response as bytes is a whole HTTP/1.1 answer with the problem document', () => {
  for (const code of ['bad-request', 'request-timeout', 'headers-too-large', 'overloaded'] as const) {
    const { status, head, headers, text } = readAnswer(rawProblem(reasons[code], 'door'))
    assert.equal(status, reasons[code].status)
    assert.match(head, /^HTTP\/1\.1 \d{3} [A-Z][A-Za-z ]+\r\n/)
    assert.deepEqual(headers['content-length'], [String(Buffer.byteLength(text))])
    assert.deepEqual(headers['connection'], ['close'])
    assert.deepEqual(headers['proxy-status'], [`door; error=${reasons[code].proxyStatus}`])
    assert.equal(JSON.parse(text).code, code)
  }
})

test('bytes that are no request get a problem', async t => {
  const { url } = await startGateway(t, 'routes: [{ path: /a, respond: { status: 200 } }]')
  const { status, headers, text } = await exchangeBytes(t, url, 'this is not HTTP\r\n\r\n')
  assert.equal(status, 400)
  assert.deepEqual(headers['content-type'], ['application/problem+json'])
  assert.equal(JSON.parse(text).code, 'bad-request')
})
