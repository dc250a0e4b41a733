/** Long work in steps: a generator yields wherever it could be interrupted, and whoever runs it decides whether others get a turn there. */

import { setImmediate } from 'node:timers/promises'

/** Work that ends with a `T`. */
export type Steps<T> = Generator<void, T, void>

/** How long others wait, in milliseconds. */
const longestPiece = 8

/** Items that are sorted in one step. */
const run = 500

/** Does it in one go. */
export function atOnce<T> (steps: Steps<T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}

/** Does it in pieces of a few milliseconds; requests are served in between. */
export async function inPieces<T> (steps: Steps<T>): Promise<T> {
  let since = performance.now()
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    if (performance.now() - since < longestPiece) continue
    await setImmediate()
    since = performance.now()
  }
}

/** What `toSorted` gives. */
export function * sorted<T> (items: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = []
  for (let at = 0; at < items.length; at += run) {
    runs.push(items.slice(at, at + run).sort(compare))
    yield
  }
  while (runs.length > 1) {
    const longer: T[][] = []
    for (let at = 0; at < runs.length; at += 2) longer.push(yield * merged(runs[at]!, runs[at + 1] ?? [], compare))
    runs = longer
  }
  return runs[0] ?? []
}

function * merged<T> (left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const all: T[] = []
  let [a, b] = [0, 0]
  while (a < left.length || b < right.length) {
    if (b === right.length || (a < left.length && compare(left[a]!, right[b]!) <= 0)) all.push(left[a++]!)
    else all.push(right[b++]!)
    if (all.length % run === 0) yield
  }
  return all
}
