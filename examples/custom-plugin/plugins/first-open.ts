/** first-open: a balancer for a main target and its stand-ins. The first open target of the list gets everything. */

import type { FastifyInstance } from 'onedoor'

export default async function firstOpen (app: FastifyInstance): Promise<void> {
  app.gateway.addBalancer('first-open', () => ({ pick: open => open[0]! }))
}
