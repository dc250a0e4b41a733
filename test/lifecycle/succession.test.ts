import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { Generation } from '../../src/gateway/generation.ts'
import { Generations } from '../../src/gateway/generations.ts'

/**
 * A generation whose file has this `shutdown.timeout` and whose requests never end by themselves, and how
 * often it was told to cut them.
 */
function generation (timeout: number): { readonly cuts: () => number, readonly asGeneration: Generation } {
  let cuts = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const stand = {
    inFlight: 1,
    loaded: { config: { server: { shutdown: { timeout } } } },
    host: { events: { serve () {}, end () {}, emit () {} } },
    drained: async () => await promise,
    cut: () => {
      cuts++
      resolve()
      return 1
    },
    close: async () => {},
    endConnections () {}
  }
  return { cuts: () => cuts, asGeneration: stand as unknown as Generation }
}

test('an old generation gets the time of its own configuration, not that of the one after it', async t => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const [first, second] = [generation(30_000), generation(10)]
  const generations = new Generations(first.asGeneration)
  generations.succeed(second.asGeneration)
  assert.equal(generations.current, second.asGeneration)
  t.mock.timers.tick(29_999)
  for (let turn = 0; turn < 10; turn++) await setImmediate()
  assert.equal(first.cuts(), 0)
  t.mock.timers.tick(1)
  // The sockets are read before anything is cut.
  while (first.cuts() === 0) await setImmediate()
  await generations.close()
  assert.equal(second.cuts(), 0)
})
