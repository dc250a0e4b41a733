/** endings: a plugin for tests that tells when a generation has let go of all that it held. */

import type { FastifyInstance } from 'fastify'

let generations = 0
const held = new Map<number, PromiseWithResolvers<void>>()

/** Resolves when no generation but the latest holds anything. */
export async function onlyLatest (): Promise<void> {
  for (const [generation, { promise }] of held) if (generation !== generations) await promise
}

export default async function tellEndings ({ gateway }: FastifyInstance): Promise<void> {
  const generation = ++generations
  gateway.resource({
    kind: 'endings',
    key: String(generation),
    create: () => { held.set(generation, Promise.withResolvers()) },
    close: () => {
      // Others are let go of in the same turn.
      setImmediate(() => held.get(generation)!.resolve())
    }
  })
}
