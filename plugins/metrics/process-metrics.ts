/** Memory, CPU, event loop and garbage collection. They belong to the process, so they are measured once, however many generations come and go. */

import { collectDefaultMetrics, Registry } from '@prometheus-io/client'

let registry: Registry | undefined

/** The registry of the process's own metrics; measuring begins with the first call. */
export function processMetrics (): Registry {
  if (registry === undefined) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
