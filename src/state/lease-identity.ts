/** The identity of a piece of state, as text. */

import type { LeaseDefinition } from '../contract/leases.ts'

/** Returns the same text for definitions with equal kind, key and options. The order of keys in the options does not matter. */
export function leaseIdentity (definition: LeaseDefinition<unknown>): string {
  return JSON.stringify([definition.kind, definition.key, canonical(definition.options)])
}

function canonical (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => [key, canonical(item)]))
}
