/**
 * Splits long work into steps: a generator yields wherever it can be interrupted, and its caller decides whether other work runs there.
 * An errand is work that cannot be split: the caller decides whether it runs at once or in a thread.
 */

import { setImmediate } from 'node:timers/promises'

/** Work that can be done here or in a thread, with the same result. */
export interface Errand<T> {
  here (): T
  beside (): Promise<T>
}

/** Work in steps whose result is a `T`. */
export type Steps<T> = Generator<Errand<unknown> | void, T, unknown>

/** How long other work waits, in milliseconds. A garbage collection may add several times as much. */
const longestPiece = 4

/** Items that are sorted in one step. */
const run = 500

/** Yields an errand and returns its result. */
export function * errand<T> (work: Errand<T>): Steps<T> {
  return (yield work) as T
}

/** Runs all steps at once. */
export function atOnce<T> (steps: Steps<T>): T {
  let result: unknown
  for (;;) {
    const step = steps.next(result)
    if (step.done === true) return step.value
    result = step.value?.here()
  }
}

/**
 * Runs the steps in pieces of a few milliseconds; other work runs before them and in between.
 * @param errands where errands run: `beside` the event loop takes longer but delays no request
 */
export async function inPieces<T> (steps: Steps<T>, errands: keyof Errand<unknown> = 'here'): Promise<T> {
  let since = -Infinity
  let result: unknown
  for (;;) {
    if (performance.now() - since > longestPiece) {
      await setImmediate()
      since = performance.now()
    }
    const step = steps.next(result)
    if (step.done === true) return step.value
    if (step.value === undefined) continue
    result = await step.value[errands]()
    since = -Infinity
  }
}

/** Sorts in steps. The result is that of `toSorted`. */
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
