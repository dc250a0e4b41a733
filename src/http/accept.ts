/** Content negotiation by the Accept header field (RFC 9110 §12.5.1). */

/** How strongly a client prefers a media type, and how specific the matching range is. */
export interface Wanted {
  /** From 0, not acceptable, to 1. */
  readonly weight: number
  /** 2 for the type itself, 1 for `type/*`, 0 for any type or a missing field. */
  readonly narrow: number
}

/**
 * Reads the preference for `type`, given in lower case. The most specific matching range decides. Without the field
 * every type is acceptable.
 */
export function wanted (accept: string | undefined, type: string): Wanted {
  if (accept === undefined || accept.trim() === '') return { weight: 1, narrow: 0 }
  const ranges = ['*/*', `${type.slice(0, type.indexOf('/'))}/*`, type]
  let weight = 0
  let narrow = -1
  for (const part of accept.split(',')) {
    const [name = '', ...parameters] = part.split(';')
    const at = ranges.indexOf(name.trim().toLowerCase())
    if (at === -1 || at < narrow) continue
    const given = weightOf(parameters)
    // Of two entries for one range the higher weight counts.
    weight = at > narrow ? given : Math.max(weight, given)
    narrow = at
  }
  return { weight, narrow: Math.max(narrow, 0) }
}

/** Whether the client prefers the first. Of two with the same weight it is the one with the more specific range. */
export function isRather (first: Wanted, second: Wanted): boolean {
  return first.weight > 0 && (first.weight > second.weight || (first.weight === second.weight && first.narrow > second.narrow))
}

function weightOf (parameters: readonly string[]): number {
  for (const text of parameters) {
    const [, given] = /^\s*q\s*=\s*([\d.]+)\s*$/i.exec(text) ?? []
    if (given !== undefined) return Math.min(Number(given) || 0, 1)
  }
  return 1
}
