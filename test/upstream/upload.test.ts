/** The reading of a request body by itself: what ends it, what it holds, and that it gives all of it back. */

import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import type { IncomingMessage } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import type { GatewayError } from '../../src/contract/errors.ts'
import { BodyBudget } from '../../src/exchange/body-budget.ts'
import { HttpExchange } from '../../src/exchange/exchange.ts'
import { Upload } from '../../src/exchange/upload.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { localClient } from '../helpers/local-client.ts'

const clock = { now: () => 0, wall: () => 0 }

interface Reading {
  readonly raw: PassThrough & { complete: boolean }
  readonly exchange: HttpExchange
  readonly upload: Upload
  readonly buffers: BodyBudget
}

function reading (limit = 1000, budget = 10_000): Reading {
  const raw = Object.assign(new PassThrough(), {
    complete: false,
    method: 'POST',
    headers: { 'transfer-encoding': 'chunked' },
    rawHeaders: [],
    httpVersion: '1.1'
  })
  raw.on('error', () => {})
  const exchange = new HttpExchange(raw as unknown as IncomingMessage, 0, localClient, '')
  const buffers = new BodyBudget(new LocalMemory().count())
  exchange.uploads = { clock, buffers, budget, wait: 0, rate: 0 }
  return { raw, exchange, upload: new Upload(exchange, exchange.uploads, limit), buffers }
}

/** Passes the rest on, and says how it went. */
function passed (upload: Upload): { readonly events: string[] } {
  const events: string[] = []
  upload.pass({ data: chunk => events.push(chunk.toString()), end: () => events.push('end'), fail: error => events.push(error.code) })
  upload.resume()
  return { events }
}

const ends: Readonly<Record<string, (reading: Reading) => void>> = {
  'an end that is not complete': ({ raw }) => raw.end(),
  'an error': ({ raw }) => raw.destroy(new Error('reset')),
  'a close': ({ raw }) => raw.destroy(),
  'the end of the exchange': ({ exchange }) => { exchange.close(0, () => {}) }
}

for (const [name, end] of Object.entries(ends)) {
  test(`${name} is no end of a body that is read whole`, async () => {
    const it = reading()
    const outcome = Promise.withResolvers<GatewayError | undefined>()
    it.upload.collect(Infinity, outcome.resolve)
    it.raw.write('abc')
    await setImmediate()
    end(it)
    assert.equal((await outcome.promise)?.code, 'client-closed')
    assert.deepEqual([it.upload.complete, it.buffers.used], [false, 0])
  })

  test(`${name} is no end of a body that is passed on`, async () => {
    const it = reading()
    it.upload.collect(3, () => {})
    it.raw.write('abc')
    await setImmediate()
    const { events } = passed(it.upload)
    await setImmediate()
    end(it)
    await setImmediate()
    await setImmediate()
    assert.ok(!events.includes('end'))
    assert.equal(events[0], 'abc')
    assert.equal(it.buffers.used, 0)
  })
}

test('a body that is asked for when the exchange is over is refused at once', async () => {
  for (const before of [true, false]) {
    const it = reading()
    if (before) it.raw.destroy()
    it.exchange.close(0, () => {})
    const upload = before ? new Upload(it.exchange, it.exchange.uploads, 1000) : it.upload
    let outcome: GatewayError | undefined
    upload.collect(Infinity, error => { outcome = error })
    assert.equal(outcome?.code, 'client-closed')
    assert.equal(it.buffers.used, 0)
  }
})

test('what has come is passed on in its order and ends once, however it is asked for and wherever it waits', async () => {
  await fc.assert(fc.asyncProperty(fc.array(
    fc.string({ minLength: 1, maxLength: 20 }),
    { maxLength: 8 }
  ), fc.integer({ min: 1, max: 60 }), fc.array(fc.boolean(), { maxLength: 10 }), async (pieces, enough, pauses) => {
    const it = reading(10_000)
    const collected = Promise.withResolvers<unknown>()
    it.upload.collect(enough, collected.resolve)
    for (const piece of pieces) it.raw.write(piece)
    it.raw.complete = true
    it.raw.end()
    assert.equal(await collected.promise, undefined)
    const { events } = passed(it.upload)
    for (const pause of pauses) {
      if (pause) it.upload.pause()
      else it.upload.resume()
      await setImmediate()
    }
    it.upload.resume()
    for (let turn = 0; turn < 30 && !events.includes('end'); turn++) await setImmediate()
    assert.equal(events.slice(0, -1).join(''), pieces.join(''))
    assert.deepEqual([events.indexOf('end'), it.buffers.used], [events.length - 1, 0])
  }), { numRuns: 60 })
})

test('a body beyond its limit or the budget is refused, and one that is let go of holds nothing', async () => {
  for (const [limit, budget, code] of [[2, 10_000, 'body-too-large'], [1000, 100, 'buffers-full']] as const) {
    const it = reading(limit, budget)
    const outcome = Promise.withResolvers<GatewayError | undefined>()
    it.upload.collect(Infinity, outcome.resolve)
    it.raw.write('abc')
    assert.equal((await outcome.promise)?.code, code)
    assert.equal(it.buffers.used, 0)
    // It stays refused.
    it.upload.collect(Infinity, error => assert.equal(error?.code, code))
  }
  const it = reading()
  it.upload.collect(1, () => {})
  it.raw.write('abc')
  await setImmediate()
  assert.ok(it.buffers.used > 0)
  it.upload.drop()
  assert.equal(it.buffers.used, 0)
  // The rest is read, so that the client comes to its end.
  it.raw.write('more')
  await setImmediate()
  assert.equal(it.raw.readableLength, 0)
})
