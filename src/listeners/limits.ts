/** What the listeners of a configuration are limited to. */

import type { Config } from '../config/types.ts'
import { compileTrust } from '../http/client-address.ts'
import type { ListenerLimits } from './listener.ts'

/** Most connections to the admin listener at once: scrapers, probes and people. */
const mostAdmins = 256

/** Files that are neither a client's nor a target's: logs, watched files, listeners, connections of the admin listener and of policies. */
const otherFiles = 64

/** Most connections of clients where neither the file nor the system says. */
const usual = 4096

/** Beyond it memory is the limit. */
const mostByDefault = 100_000

/** Most connections of clients unless the file says: each may need another one to a target. */
export function usualConnections (openFiles: number | undefined): number {
  if (openFiles === undefined) return usual
  return Math.max(1, Math.min(mostByDefault, Math.floor((openFiles - otherFiles) / 2)))
}

/** Whether as many clients could use up the files that the process may open, so that none is left for targets. */
export function isShortOfFiles (connections: number, openFiles: number | undefined): boolean {
  return openFiles !== undefined && (connections || Infinity) > openFiles - otherFiles
}

/** Limits of the public listener. */
export function publicLimits ({ server: { timeouts, limits, proxyProtocol } }: Config, openFiles: number | undefined): ListenerLimits {
  return {
    timeouts,
    connections: limits.connections ?? usualConnections(openFiles),
    proxied: proxyProtocol.length === 0 ? undefined : compileTrust(proxyProtocol)
  }
}

/** Limits of the admin listener: the times of the public one. */
export function adminLimits ({ server: { timeouts } }: Config): ListenerLimits {
  return { timeouts, connections: mostAdmins }
}
