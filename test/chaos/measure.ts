/** measure: a policy for the storm's gateway, which collects garbage and says how much is left in its thread. */

import type { FastifyInstance } from 'onedoor'

export default async function measure (app: FastifyInstance): Promise<void> {
  const { number } = app.gateway.threads
  app.addHook('onRequest', (_request, reply, done) => {
    globalThis.gc!()
    void reply.header('x-heap', String(process.memoryUsage().heapUsed)).header('x-thread', String(number))
    done()
  })
}
