/** measure: a policy for the storm's gateway, which collects garbage and says how much is left. */

import type { FastifyInstance } from 'onedoor'

export default async function measure (app: FastifyInstance): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    globalThis.gc!()
    void reply.header('x-heap', String(process.memoryUsage().heapUsed))
    done()
  })
}
