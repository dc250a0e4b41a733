/** The response to what never becomes a request: a whole message, whose length is that of its bytes. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reasons, type Reason } from '../../src/contract/errors.ts'
import { problemMessage, rawProblem } from '../../src/listeners/raw-problem.ts'

test('its length is counted in bytes, it is not stored, and it ends the connection', () => {
  const reason: Reason = { ...reasons.overloaded, title: 'Überlastet' }
  const { fields, body } = problemMessage(reason, 'door')
  assert.ok(Buffer.byteLength(body) > body.length)
  assert.deepEqual(
    [fields['content-length'], fields['cache-control'], fields['connection'], fields['x-request-id'], fields['proxy-status']],
    [String(Buffer.byteLength(body)), 'no-store', 'close', undefined, 'door; error=connection_limit_reached']
  )
})

test('the request is called the same in its field and in its body', () => {
  const { fields, body } = problemMessage(reasons.overloaded, 'door', 'abc')
  assert.deepEqual([fields['x-request-id'], (JSON.parse(body) as { requestId: string }).requestId], ['abc', 'abc'])
})

test('as bytes it is a status line, its fields, an empty line, and the body', () => {
  const [head, body, ...rest] = rawProblem({ ...reasons.overloaded, title: 'Überlastet' }, 'door').toString().split('\r\n\r\n')
  assert.deepEqual(rest, [])
  assert.match(head!, /^HTTP\/1\.1 503 Service Unavailable\r\n/)
  assert.equal((JSON.parse(body!) as { status: number }).status, 503)
  assert.match(head!, new RegExp(`^content-length: ${Buffer.byteLength(body!)}$`, 'm'))
})
