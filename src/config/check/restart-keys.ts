/** The keys that take effect only after a restart. */

import type { Config } from '../types.ts'

/** The keys whose value in `next` differs from `current` and takes effect only after a restart. */
export function keysNeedingRestart (current: Config, next: Config): string[] {
  const before = pinned(current)
  return Object.entries(pinned(next)).filter(([key, value]) => before[key] !== value).map(([key]) => key)
}

function pinned ({ server, admin, logging, dns }: Config): Record<string, unknown> {
  return {
    'server.limits.headers': server.limits.headers,
    'server.threads': server.threads,
    'admin.enabled': admin.enabled,
    'admin.host': admin.host,
    'admin.port': admin.port,
    'logging.format': logging.format,
    'dns.resolvers': dns.resolvers.join()
  }
}
