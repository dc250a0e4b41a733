/** A copy of what an event says that is safe to keep: plain data, bounded in length and depth, without secrets. */

/** Most characters of a text, most items of a list or members of an object, and the deepest level that is kept. */
const longestText = 2000
const mostItems = 100
const deepest = 4

/** Copies `value`; `redact` takes the secrets out of a text. Texts are cut after that, so that no part of a secret stays. */
export function boundedCopy (value: unknown, redact: (text: string) => string, depth = 0): unknown {
  if (typeof value === 'string') return cut(redact(value))
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return value
  // JSON has no word for what is left.
  if (typeof value !== 'object') return undefined
  if (value instanceof Error) return cut(redact(value.message))
  if (depth === deepest) return '…'
  if (Array.isArray(value)) return value.slice(0, mostItems).map(item => boundedCopy(item, redact, depth + 1))
  const members = Object.entries(value).slice(0, mostItems)
  return Object.fromEntries(members.map(([key, inner]) => [cut(redact(key)), boundedCopy(inner, redact, depth + 1)]))
}

function cut (text: string): string {
  return text.length > longestText ? `${text.slice(0, longestText)}…` : text
}
