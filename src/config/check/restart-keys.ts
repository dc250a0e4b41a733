/** The keys that a running gateway cannot change. */

import type { Config } from '../types.ts'

/** Keys of `next` that differ from `current` and will be heeded after a restart only. */
export function keysNeedingRestart (current: Config, next: Config): string[] {
  const before = pinned(current)
  return Object.entries(pinned(next)).filter(([key, value]) => before[key] !== value).map(([key]) => key)
}

function pinned ({ server, admin, logging, dns }: Config): Record<string, unknown> {
  return {
    'server.host': server.host,
    'server.port': server.port,
    'server.limits.headers': server.limits.headers,
    'admin.enabled': admin.enabled,
    'admin.host': admin.host,
    'admin.port': admin.port,
    'logging.format': logging.format,
    'dns.resolvers': dns.resolvers.join()
  }
}
