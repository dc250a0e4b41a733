/** What a client would rather have (RFC 9110 §12.5.1). */

/** How much a media type is wanted, and by how narrow a range. */
export interface Wanted {
  /** From 0, not at all, to 1. */
  readonly weight: number
  /** 2 where the type is named, 1 by `type/*`, 0 by any type, and without the field. */
  readonly narrow: number
}

/**
 * How much `type`, in lower case, is wanted by the field Accept. The narrowest range that fits it decides;
 * without the field everything is wanted.
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
    // Of two entries for one range the more generous counts.
    weight = at > narrow ? given : Math.max(weight, given)
    narrow = at
  }
  return { weight, narrow: Math.max(narrow, 0) }
}

/** Whether the first is wanted more than the second; of two with the same weight the one that is named more narrowly is. */
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
