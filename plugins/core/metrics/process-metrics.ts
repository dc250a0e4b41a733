/** Memory, CPU, event loop and garbage collection. They belong to the process, so they are measured once, however many generations come and go. */

import client, { Registry } from '@prometheus-io/client'

/** Where they are. */
export const processRegistry = new Registry()

let measuring = false

/**
 * The client that fastify-metrics measures them with. Without an explicit one it takes `@platformatic/prom-client` where that happens to be installed,
 * whose registry nobody prints.
 */
export const processClient: typeof client = {
  ...client,
  register: processRegistry,
  collectDefaultMetrics () {
    if (!measuring) client.collectDefaultMetrics({ register: processRegistry })
    measuring = true
  }
} as typeof client
