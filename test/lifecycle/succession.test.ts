import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Generation } from '../../src/generation.ts'
import { Succession } from '../../src/succession.ts'

/** A generation whose file has this `shutdown.timeout`, and what was asked of it. */
function generation (timeout: number): { readonly drained: number[], readonly asGeneration: Generation } {
  const drained: number[] = []
  const stand = {
    inFlight: 0,
    loaded: { config: { server: { shutdown: { timeout } } } },
    drained: async (ms: number) => { drained.push(ms) },
    close: async () => {},
    endConnections () {}
  }
  return { drained, asGeneration: stand as unknown as Generation }
}

test('an old generation gets the time of its own configuration, not that of the one after it', async () => {
  const [first, second] = [generation(30_000), generation(10)]
  const succession = new Succession(first.asGeneration)
  succession.succeed(second.asGeneration)
  assert.equal(succession.current, second.asGeneration)
  await succession.close()
  assert.deepEqual([first.drained, second.drained], [[30_000], []])
})
