/** Finds the word that a misspelt one was meant to be. */

/**
 * The candidate that `word` was most likely meant to be, or undefined when none is close enough. Case, `-` and `_` do not
 * count; otherwise up to about a third of the letters may be wrong, two swapped neighbours count as one
 * (optimal string alignment, the restricted Damerau-Levenshtein distance).
 */
export function nearest (word: string, candidates: Iterable<string>): string | undefined {
  const wanted = normalise(word)
  if (wanted.length > 64) return undefined
  let best: string | undefined
  let bestDistance = Infinity
  for (const candidate of candidates) {
    const other = normalise(candidate)
    const allowed = Math.max(1, Math.floor(Math.max(wanted.length, other.length) / 3))
    // One letter has nothing in common with another one-letter word.
    if (Math.min(wanted.length, other.length) < 2 && wanted !== other) continue
    const found = distance(wanted, other, Math.min(allowed, bestDistance - 1))
    if (found === undefined) continue
    best = candidate
    bestDistance = found
  }
  return best
}

function normalise (word: string): string {
  return word.toLowerCase().replaceAll(/[-_]/g, '')
}

/** The distance of two words, or undefined when it is more than `limit`. */
function distance (a: string, b: string, limit: number): number | undefined {
  if (limit < 0 || Math.abs(a.length - b.length) > limit) return undefined
  let older: number[] = []
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const current = [i]
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1]
      let cost = Math.min(previous[j]! + 1, current[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1))
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, older[j - 2]! + 1)
      current.push(cost)
    }
    older = previous
    previous = current
  }
  const total = previous[b.length]!
  return total <= limit ? total : undefined
}
