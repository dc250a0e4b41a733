/** The merge key `<<` (https://yaml.org/type/merge.html). */
import type { Entry, Node } from './tree.ts'

/**
 * Adds the entries of `source`, a mapping or a list of mappings, that `entries` does not have: what is written beside `<<`
 * wins, then the earlier mapping. Returns the first part of `source` that is no mapping.
 */
export function mergeInto (entries: Map<string, Entry>, source: Node): Node | undefined {
  const parts = source.kind === 'list' ? source.items : [source]
  const wrong = parts.find((part) => part.kind !== 'mapping')
  if (wrong !== undefined) return wrong
  for (const part of parts) {
    if (part.kind !== 'mapping') continue
    for (const [key, entry] of part.entries) if (!entries.has(key)) entries.set(key, entry)
  }
  return undefined
}
