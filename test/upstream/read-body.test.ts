/** The body of a request as a policy reads it: whole, within the limit that the policy gives, as often as it is asked for. */

import assert from 'node:assert/strict'
import type { IncomingMessage } from 'node:http'
import { PassThrough } from 'node:stream'
import { test } from 'node:test'
import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { readBody } from '../../src/exchange/buffered-body.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { localClient } from '../helpers/local-client.ts'

/** An exchange whose client has sent all of this; declared by its length, or in chunks. */
function sent (body: string | undefined, framing: 'length' | 'chunks' = 'chunks'): HttpExchange {
  const fields = body === undefined ? {} : framing === 'length' ? {
    'content-length': String(body.length)
  } : { 'transfer-encoding': 'chunked' }
  const raw = Object.assign(new PassThrough(), { complete: true, method: 'POST', headers: fields, rawHeaders: [], httpVersion: '1.1' })
  const exchange = new HttpExchange(raw as unknown as IncomingMessage, 0, localClient, '')
  const buffers = new BodyBudget(new LocalMemory().count())
  exchange.uploads = { clock: { now: () => 0, wall: () => 0 }, buffers, budget: 10_000, wait: 0, rate: 0 }
  raw.end(body)
  return exchange
}

const tooLarge = { code: 'body-too-large' }

for (const framing of ['length', 'chunks'] as const) {
  test(`a body of exactly the limit is read, and one byte more is too large (${framing})`, async () => {
    assert.equal((await readBody(sent('abc', framing), 3)).toString(), 'abc')
    await assert.rejects(readBody(sent('abcd', framing), 3), tooLarge)
  })

  test(`a body that is asked for again is the same, and is measured by the limit of who asks (${framing})`, async () => {
    const exchange = sent('abc', framing)
    const body = await readBody(exchange, 10)
    assert.equal(exchange.body, body)
    assert.equal(await readBody(exchange, 3), body)
    await assert.rejects(readBody(exchange, 2), tooLarge)
    assert.equal(await readBody(exchange, 10), body)
  })
}

test('of two that ask at once, each gets the body if it is within its own limit', async () => {
  const exchange = sent('abc')
  const [first, second] = await Promise.allSettled([readBody(exchange, 10), readBody(exchange, 2)])
  assert.equal(first.status === 'fulfilled' && first.value.toString(), 'abc')
  assert.equal(second.status === 'rejected' && (second.reason as { code: string }).code, 'body-too-large')
})

test('a request without a body has an empty one, and nothing is read from its client', async () => {
  const exchange = sent(undefined)
  assert.equal((await readBody(exchange, 0)).length, 0)
  assert.equal(exchange.upload, undefined)
})

test('the budget may be used up to its last byte, and what is given back may be taken again', () => {
  const budget = new BodyBudget(new LocalMemory().count())
  assert.deepEqual([budget.take(6, 10), budget.take(4, 10), budget.take(1, 10), budget.used], [true, true, false, 10])
  budget.give(1)
  assert.deepEqual([budget.take(1, 10), budget.used], [true, 10])
})
