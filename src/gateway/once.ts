/** Things that a generation makes once, however many scopes list the plugin that needs them. */

import type { GatewayApi } from '../contract/gateway-api.ts'

/** The `once` of one generation. */
export function createOnce (): GatewayApi['once'] {
  const made = new Map<string, unknown>()
  return <T>(kind: string, key: string, create: () => T): T => {
    const id = JSON.stringify([kind, key])
    if (!made.has(id)) made.set(id, create())
    return made.get(id) as T
  }
}
