/** What becomes of the requests of a generation when another one takes over, and when the gateway stops. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Generation } from '../../src/gateway/generation.ts'
import { drain } from '../../src/gateway/draining.ts'
import { Generations } from '../../src/gateway/generations.ts'

/** A generation with so many requests in flight, which end only when the test says so, or when they are cut. `lasting`: all are streams. */
function generation ({ timeout = 30_000, inFlight = 1, lasting = false } = {}) {
  const calls: string[] = []
  const idle = Promise.withResolvers<void>()
  const closed = Promise.withResolvers<void>()
  const stand = {
    inFlight,
    loaded: { config: { server: { shutdown: { timeout } } } },
    host: { events: { serve () {}, end () {}, emit: (event: object) => { calls.push(JSON.stringify(event)) } } },
    drained: async () => await idle.promise,
    cut () {
      calls.push('cut')
      idle.resolve()
      return inFlight
    },
    cutRequests () {
      if (!lasting) return stand.cut()
      calls.push('cutRequests')
      return 0
    },
    async close () {
      calls.push('close')
      await closed.promise
    },
    tunnels: { size: 0, close () {}, cut: () => 0, ended: async () => {} },
    endConnections () { calls.push('endConnections') }
  }
  return { calls, end: idle.resolve, closed: closed.resolve, asGeneration: stand as unknown as Generation }
}

/** Lets promises and immediates settle. */
async function settle (): Promise<void> {
  for (let tick = 0; tick < 10; tick++) await setImmediate()
}

async function isSettled (promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.then(() => { settled = true })
  await settle()
  return settled
}

test('an old generation gets the time of its own configuration, not that of the one after it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const [first, second] = [generation({ timeout: 30_000 }), generation({ timeout: 10 })]
  const generations = new Generations(first.asGeneration)
  generations.succeed(second.asGeneration)
  assert.equal(generations.current, second.asGeneration)
  t.mock.timers.tick(29_999)
  await settle()
  assert.deepEqual(first.calls, [])
  t.mock.timers.tick(1)
  // The sockets are read before anything is cut.
  await settle()
  assert.deepEqual(first.calls, ['cut', '{"type":"old-requests-cut","cut":1}', 'close'])
  assert.deepEqual(second.calls, [])
})

test('an old generation whose requests have ended is closed at once, without an event, and counts no more', async () => {
  const [first, second] = [generation({ inFlight: 2 }), generation({ inFlight: 3 })]
  const generations = new Generations(first.asGeneration)
  assert.equal(generations.inFlight, 2)
  generations.succeed(second.asGeneration)
  assert.equal(generations.inFlight, 5)
  first.end()
  await settle()
  assert.deepEqual(first.calls, ['close'])
  first.closed()
  await settle()
  assert.equal(generations.inFlight, 3)
})

test('streams outlive the time of their generation, and are cut when too many generations are kept for them', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const all = Array.from({ length: 34 }, () => generation({ timeout: 10, lasting: true }))
  const generations = new Generations(all[0]!.asGeneration)
  for (const { asGeneration } of all.slice(1, 33)) generations.succeed(asGeneration)
  t.mock.timers.tick(10)
  await settle()
  t.mock.timers.tick(1000)
  await settle()
  assert.deepEqual([all[0]!.calls, all[31]!.calls, all[32]!.calls], [['cutRequests'], ['cutRequests'], []])
  generations.succeed(all[33]!.asGeneration)
  await settle()
  assert.deepEqual(all[0]!.calls, ['cutRequests', 'cut', '{"type":"old-requests-cut","cut":1}', 'close'])
  assert.deepEqual(all[1]!.calls, ['cutRequests'])
})

test('a shutdown waits for the requests of old generations too, asks for their connections, and cuts them', async () => {
  const [first, second] = [generation({ inFlight: 2 }), generation({ inFlight: 3 })]
  const generations = new Generations(first.asGeneration)
  generations.succeed(second.asGeneration)
  generations.endConnections()
  assert.deepEqual([first.calls, second.calls], [['endConnections'], ['endConnections']])
  const drained = generations.drained()
  second.end()
  assert.equal(await isSettled(drained), false)
  assert.equal(generations.cut(), 5)
  assert.equal(await isSettled(drained), true)
})

test('generations are closed when the current one and every old one is', async () => {
  const [first, second] = [generation(), generation()]
  const generations = new Generations(first.asGeneration)
  generations.succeed(second.asGeneration)
  first.end()
  const closed = generations.close()
  assert.equal(await isSettled(closed), false)
  assert.deepEqual([first.calls, second.calls], [['close'], ['close']])
  second.closed()
  assert.equal(await isSettled(closed), false)
  first.closed()
  await closed
})

test('requests that were cut have a second to end, and delay a drain no longer than that', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const drained = drain({ drained: async () => await new Promise(() => {}), cut: () => 4 }, 100)
  t.mock.timers.tick(100)
  await settle()
  t.mock.timers.tick(999)
  assert.equal(await isSettled(drained), false)
  t.mock.timers.tick(1)
  assert.equal(await drained, 4)
})

test('requests that end in time are never cut', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  let cuts = 0
  assert.equal(await drain({ drained: async () => {}, cut: () => ++cuts }, 100), 0)
  t.mock.timers.tick(10_000)
  await settle()
  assert.equal(cuts, 0)
})

test('a drain leaves no timer behind, whether requests ended or were cut', async () => {
  const timers = (): number => process.getActiveResourcesInfo().filter(name => name === 'Timeout').length
  const before = timers()
  await drain({ drained: async () => {}, cut: () => 0 }, 100_000)
  const { promise, resolve } = Promise.withResolvers<void>()
  const cut = (): number => {
    setImmediate().then(resolve, () => {})
    return 1
  }
  assert.equal(await drain({ drained: async () => await promise, cut }, 1), 1)
  assert.equal(timers(), before)
})
