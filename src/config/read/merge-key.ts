/** Implements the merge key `<<` (https://yaml.org/type/merge.html). */
import type { Entry, Node } from './tree.ts'

/**
 * Adds the entries of `source`, a mapping or a list of mappings, that `entries` does not have. Keys beside `<<` take precedence, then
 * earlier mappings. Returns the first part of `source` that is not a mapping.
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
