/** Identities as text. */

import type { Identity } from '../contract/state.ts'

/** Returns the same text for identities with equal kind, key and options. The order of keys in the options does not matter. */
export function identityOf ({ kind, key, options }: Identity): string {
  return JSON.stringify([kind, key, canonical(options)])
}

function canonical (value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => [key, canonical(item)]))
}
