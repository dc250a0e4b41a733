/** Other plausible readings of a path: how a different service might take the same bytes. */

const none: readonly string[] = Object.freeze([])

/** What services are known to do to a path before they route it, in the order in which they do it. */
const habits: ReadonlyArray<(path: string) => string> = [
  path => path.replace(/%2f/gi, '/'),
  path => path.replace(/%3b/gi, ';'),
  path => path.replace(/;[^/]*/g, ''),
  path => path.replace(/\/{2,}/g, '/')
]

/**
 * How an upstream with other habits might read the path: `%2F` and `%3B` decoded, `;parameters` removed, `//` merged, and each combination.
 * Without the path itself; empty for an ordinary path, at the cost of a scan. A path of which a reading matches another route than
 * the path itself is to be refused, or the route's policies could be walked around.
 */
export function readings (path: string): readonly string[] {
  if (!isOutOfOrdinary(path)) return none
  const found: string[] = []
  for (let set = 1; set < 1 << habits.length; set++) {
    const reading = habits.reduce((text, habit, bit) => set & (1 << bit) ? habit(text) : text, path)
    if (reading !== path && !found.includes(reading)) found.push(reading)
  }
  return found
}

function isOutOfOrdinary (path: string): boolean {
  let previous = 0
  for (let i = 0; i < path.length; i++) {
    const code = path.charCodeAt(i)
    if (code === 0x3b || (code === 0x2f && previous === 0x2f)) return true
    if (code === 0x25 && isOddEscape(path.charCodeAt(i + 1), path.charCodeAt(i + 2) | 0x20)) return true
    previous = code
  }
  return false
}

/** `%2F` or `%3B`; the second digit in lower case. */
function isOddEscape (first: number, second: number): boolean {
  return (first === 0x32 && second === 0x66) || (first === 0x33 && second === 0x62)
}
