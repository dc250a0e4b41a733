/** What a thrown value means to the client. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toGatewayError } from '../../plugins/core/error-handling/to-gateway-error.ts'
import { GatewayError, reasons } from '../../src/contract/errors.ts'

function foreign (message: string, members: object): Error {
  return Object.assign(new Error(message), members)
}

test('a GatewayError is what it says', () => {
  const error = new GatewayError('forbidden')
  assert.equal(toGatewayError(error), error)
})

test('a 4xx keeps its status and shows no message', () => {
  for (const key of ['statusCode', 'status']) {
    const { reason, detail } = toGatewayError(foreign('teapots only', { [key]: 418 }))
    assert.deepEqual([reason.code, reason.status, reason.fault, detail], ['rejected', 418, 'client', undefined])
  }
})

test('a 4xx that says that its message is for clients shows it', () => {
  assert.equal(toGatewayError(foreign('no such page', { statusCode: 404, expose: true })).detail, 'no such page')
  for (const [message, expose] of [['the password is 1234', false], ['', true], ['truthy is not enough', 1]] as const) {
    assert.equal(toGatewayError(foreign(message, { statusCode: 401, expose })).detail, undefined)
  }
})

test('a 4xx with a reason that means the same has that reason', () => {
  for (const [status, code] of [
    [403, 'forbidden'], [413, 'body-too-large'], [415, 'unsupported-media-type'], [429, 'rate-limited'],
    [404, 'rejected'], [401, 'rejected']
  ] as const) {
    const { reason } = toGatewayError(foreign('', { statusCode: status }))
    assert.deepEqual([reason.code, reason.status, reason.fault], [code, status, 'client'])
  }
})

test('a 5xx keeps its status and is the fault of the plugin whose hook was running, or else of the gateway', () => {
  const running = { plugin: './mine.ts', policy: 'mine', hook: 'onSend' }
  for (const status of [500, 502, 503, 504, 599]) {
    const error = foreign('db at 10.0.0.3 is down', { statusCode: status })
    for (const [by, code, fault] of [[running, 'plugin-error', 'plugin'], [undefined, 'internal', 'gateway']] as const) {
      const { reason, detail } = toGatewayError(error, by)
      assert.deepEqual([reason.code, reason.status, reason.fault, detail], [code, status, fault, undefined])
    }
  }
})

test('whatever else is thrown is an internal error whose message stays inside', () => {
  const thrown: unknown[] = [
    new Error('secret'), foreign('secret', { statusCode: 500 }), foreign('secret', { statusCode: 200 }), foreign('secret', {
      statusCode: 399.5
    }),
    foreign('secret', { statusCode: '404' }), foreign('secret', { statusCode: 600 }), 'secret', 42, null, undefined, {}, Symbol('secret')
  ]
  for (const value of thrown) {
    const error = toGatewayError(value)
    assert.equal(error.reason, reasons.internal)
    assert.equal(error.detail, undefined)
    assert.equal(error.cause, value)
  }
})

test('errors of Fastify become the reason that means the same', () => {
  const cases = {
    FST_ERR_BAD_URL: 'bad-request',
    FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
    FST_ERR_CTP_INVALID_JSON_BODY: 'bad-request',
    FST_ERR_NOT_FOUND: 'not-found'
  }
  for (const [code, reason] of Object.entries(cases)) {
    const error = toGatewayError(foreign('bytes of the client', { code, statusCode: 400 }))
    assert.deepEqual([error.code, error.detail], [reason, undefined])
  }
  assert.equal(
    toGatewayError(foreign('bytes of the client', { code: 'FST_ERR_CTP_INVALID_MEDIA_TYPE', statusCode: 415 })).detail,
    undefined
  )
  assert.equal(
    toGatewayError(foreign('querystring/page must be integer', { code: 'FST_ERR_VALIDATION', statusCode: 400 })).detail,
    'querystring/page must be integer'
  )
})

test('headers of a foreign error go out unless they would break the response', () => {
  const { headers } = toGatewayError(foreign('slow down', {
    statusCode: 429,
    headers: { 'Retry-After': 7, 'x-split': 'a\r\nset-cookie: b', 'x-wide': '\u{1f6aa}' }
  }))
  assert.deepEqual(headers, { 'retry-after': '7' })
})
