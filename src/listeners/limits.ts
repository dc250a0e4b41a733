/** The limits of the listeners, from the configuration and the limit of open files. */

import { redirectPortOf } from '../config/listeners.ts'
import type { ListenerConfig } from '../config/schema/listener-schema.ts'
import { http2Of } from '../config/http2.ts'
import type { Config } from '../config/types.ts'
import { compileTrust } from '../http/client-address.ts'
import type { ListenerLimits } from './listener.ts'

/** The most connections to the admin listener: scrapers, probes and people. */
const mostAdmins = 256

/**
 * Files reserved for other uses than clients and targets: logs, watched files, listeners, connections of the admin listener and of
 * policies.
 */
const otherFiles = 64

/** The most client connections where neither the configuration nor the system sets a limit. */
const usual = 4096

/** The upper bound of the default. Beyond it memory is the limit. */
const mostByDefault = 100_000

/** The default for the most client connections. Each may need another connection, to a target. */
export function usualConnections (openFiles: number | undefined): number {
  if (openFiles === undefined) return usual
  return Math.max(1, Math.min(mostByDefault, Math.floor((openFiles - otherFiles) / 2)))
}

/** Whether so many clients could use up all open files of the process, so that none is left for targets. */
export function isShortOfFiles (connections: number, openFiles: number | undefined): boolean {
  return openFiles !== undefined && (connections || Infinity) > openFiles - otherFiles
}

/** The most client connections, of all listeners together. */
export function mostClients ({ server: { limits } }: Config, openFiles: number | undefined): number {
  return limits.connections ?? usualConnections(openFiles)
}

/** Limits of a listener for clients. */
export function publicLimits (
  config: Config,
  listener: ListenerConfig,
  connections: number
): ListenerLimits {
  const { server: { timeouts, limits, proxyProtocol } } = config
  const proxies = listener.proxyProtocol ?? proxyProtocol
  return {
    timeouts,
    connections,
    life: { age: limits.connectionAge, requests: limits.connectionRequests },
    proxied: proxies.length === 0 ? undefined : compileTrust(proxies),
    redirectPort: redirectPortOf(listener, config),
    http2: http2Of(listener)
  }
}

/** Limits of the admin listener. It has the timeouts of the public one. */
export function adminLimits ({ server: { timeouts } }: Config): ListenerLimits {
  return { timeouts, connections: mostAdmins }
}
