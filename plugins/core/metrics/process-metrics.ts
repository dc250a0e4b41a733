/**
 * Memory, CPU, event loop and garbage collection. They belong to the process, so they are measured once,
 * however many generations come and go.
 */

import client, { Registry } from '@prometheus-io/client'

/** Adds the metrics of the process. */
export const processRegistry = new Registry()

let measuring = false

/**
 * The Prometheus client that fastify-metrics uses. Without an explicit one it takes `@platformatic/prom-client` where
 * that is installed, whose registry is not printed.
 */
export const processClient: typeof client = {
  ...client,
  register: processRegistry,
  collectDefaultMetrics () {
    if (!measuring) client.collectDefaultMetrics({ register: processRegistry })
    measuring = true
  }
} as typeof client
