/** What the listeners of a configuration are limited to. */

import type { Config } from '../config/types.ts'
import type { ListenerLimits } from './listener.ts'

/** Most connections to the admin listener at once: scrapers, probes and people. */
const mostAdmins = 256

/** Limits of the public listener. */
export function publicLimits ({ server: { timeouts, limits } }: Config): ListenerLimits {
  return { timeouts, connections: limits.connections }
}

/** Limits of the admin listener: the times of the public one. */
export function adminLimits ({ server: { timeouts } }: Config): ListenerLimits {
  return { timeouts, connections: mostAdmins }
}
