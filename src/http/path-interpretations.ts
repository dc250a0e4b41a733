/** Alternative interpretations of a path: how services with other decoding rules may read the same bytes. */

import { peelEscapes } from './percent.ts'

const none: readonly string[] = Object.freeze([])

/** Transformations that services apply to a path before routing, in that order. */
const habits: ReadonlyArray<(path: string) => string> = [
  // Decode twice, as a service behind a second proxy does.
  peelEscapes,
  // Servers that treat a backslash as a slash decode `%5C` as well. A raw backslash and `%5C` are rejected earlier.
  path => path.replace(/%2f|%5c/gi, '/'),
  path => path.replace(/%3b/gi, ';'),
  path => path.replace(/;[^/]*/g, ''),
  // Windows removes dots and spaces at the end of a name.
  path => /(?:\.|%2e|%20)(?:\/|$)/i.test(path) ? path.replace(/[^/]+/g, withoutEnd) : path,
  path => path.replace(/\/{2,}/g, '/')
]

/** The most characters of all interpretations together: what a path of 1 KiB can have at most, and about a millisecond of matching. */
const most = 65536

/**
 * How an upstream with other habits might read the path: escapes decoded twice, `%2F`, `%5C` and `%3B` decoded,
 * `;parameters` removed, dots and spaces at the end of a segment removed, `//` merged, and each combination, 63 at
 * most. Without the path itself; empty for an ordinary path, at the cost of a scan. A path of which a reading matches
 * another route than the path itself is to be refused, or the route's policies could be walked around. Undefined where
 * a long path has more readings than can be judged in a moment: it is to be refused as well.
 */
export function pathInterpretations (path: string): readonly string[] | undefined {
  if (!isOutOfOrdinary(path)) return none
  const found = new Set([path])
  for (const habit of habits) {
    for (const reading of Array.from(found)) found.add(habit(reading))
    if (found.size * path.length > most) return undefined
  }
  found.delete(path)
  return [...found]
}

function isOutOfOrdinary (path: string): boolean {
  let previous = 0
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i)
    if (code === SEMICOLON || (code === SLASH && (previous === SLASH || previous === DOT))) return true
    if (code === PERCENT && isOddEscape(path, i)) return true
    previous = code
  }
  return previous === DOT
}

const PERCENT = 0x25
const DOT = 0x2e
const SLASH = 0x2f
const SEMICOLON = 0x3b

/** `%25`, `%2F` or `%3B`; `%2E` or `%20` where a segment may end after it. */
function isOddEscape (path: string, percent: number): boolean {
  const first = path.charCodeAt(percent + 1)
  const second = path.charCodeAt(percent + 2)
  if (first === 0x33) return (second | 0x20) === 0x62
  if (first !== 0x32) return false
  if (second === 0x35 || (second | 0x20) === 0x66) return true
  if (second !== 0x30 && (second | 0x20) !== 0x65) return false
  const end = percent + 3
  return end === path.length || path.charCodeAt(end) === SLASH
}

/** Not by one expression: on a long run of dots in the middle it would begin anew at each of them. */
function withoutEnd (segment: string): string {
  let end = segment.length
  for (;;) {
    if (segment.charCodeAt(end - 1) === DOT) end--
    else if (end >= 3 && /^%2(?:0|e)$/i.test(segment.slice(end - 3, end))) end -= 3
    else return segment.slice(0, end)
  }
}
