/**
 * Long work in steps: a generator yields wherever it could be interrupted, and its caller decides whether others get a turn there. What cannot be cut in steps
 * is an errand: the caller decides, too, whether it is done at once or beside the event loop.
 */

import { setImmediate } from 'node:timers/promises'

/** One piece of work with two ways to the same result. */
export interface Errand<T> {
  here (): T
  beside (): Promise<T>
}

/** Work that ends with a `T`. */
export type Steps<T> = Generator<Errand<unknown> | void, T, unknown>

/** How long others wait, in milliseconds: a collection of garbage may come on top of it, and takes several times as long. */
const longestPiece = 4

/** Items that are sorted in one step. */
const run = 500

/** A step that is an errand. */
export function * errand<T> (work: Errand<T>): Steps<T> {
  return (yield work) as T
}

/** Does it in one go. */
export function atOnce<T> (steps: Steps<T>): T {
  let result: unknown
  for (;;) {
    const step = steps.next(result)
    if (step.done === true) return step.value
    result = step.value?.here()
  }
}

/**
 * Does it in pieces of a few milliseconds; others get a turn before it and in between.
 * @param errands where they are done: beside the event loop takes longer, and holds up no request
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
