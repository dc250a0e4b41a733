/** How many requests are under way. Kept over reloads, because requests of the old generation are still under way when the new one takes over. */

import type { FastifyInstance } from 'fastify'

export interface InFlight {
  count: number
}

/** Counts a request from its first hook to the close of its answer, which comes whatever happens to it. */
export function countInFlight (app: FastifyInstance): InFlight {
  const inFlight = app.gateway.leases.take<InFlight>({ kind: 'metrics', key: 'in-flight', create: () => ({ count: 0 }) })
  const leave = (): void => { inFlight.count-- }
  app.addHook('onRequest', (_request, reply, done) => {
    inFlight.count++
    reply.raw.once('close', leave)
    done()
  })
  return inFlight
}
