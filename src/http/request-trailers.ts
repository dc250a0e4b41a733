/** Selects the trailer fields of a request that the upstream receives. */

import { readFieldName } from './field-name.ts'
import type { ForwardingOptions } from './request-headers.ts'
import { forbiddenTrailers } from './trailers.ts'

/**
 * Compiles the options to a function that gives those trailer fields, `[name, value, …]`, that may pass. A service may read trailers as
 * header fields. So a field that a client could not send in front of the body is left out behind it too: one that the gateway or a policy
 * sets, one that says where the request came from, and every name with `_`.
 */
export function compileRequestTrailers ({ remove = [], origin = [] }: ForwardingOptions): (list: readonly string[]) => string[] {
  const dropped = new Set([...remove, ...origin].map(name => name.toLowerCase()))
  return list => {
    const kept: string[] = []
    for (let i = 0; i < list.length; i += 2) {
      const { lower, role } = readFieldName(list[i]!)
      if (role === 'pass' && !dropped.has(lower) && !forbiddenTrailers.has(lower)) kept.push(lower, list[i + 1]!)
    }
    return kept
  }
}
