/** Tells the first of many occurrences from the rest, so that something that happens on every request is reported once. */

import type { Holder } from '../contract/holder.ts'
import type { Identity, Lock } from '../contract/state.ts'

export class QuietPeriod {
  readonly #length: number
  /** When it happened last, in its only cell. */
  readonly #last: Float64Array
  readonly #lock: Lock | undefined

  /**
   * @param length milliseconds without an occurrence after which the next one is a first one again
   * @param shared the cell and lock of several threads: see {@link sharedQuietPeriod}
   */
  constructor (length = 60_000, shared?: { readonly last: Float64Array, readonly lock: Lock }) {
    this.#length = length
    this.#last = shared?.last ?? Float64Array.of(-Infinity)
    this.#lock = shared?.lock
  }

  /** Notes an occurrence at `now`, on a clock that never jumps; says whether it is a first one. */
  isFirst (now: number): boolean {
    if (now - this.#last[0]! < this.#length) {
      this.#last[0] = now
      return false
    }
    this.#lock?.acquire()
    try {
      // Another thread may have been the first one meanwhile.
      const first = now - this.#last[0]! >= this.#length
      this.#last[0] = now
      return first
    } finally {
      this.#lock?.release()
    }
  }
}

/** A quiet period that all threads of a gateway have together: one of them sees the first occurrence. It outlives generations. */
export function sharedQuietPeriod ({ state, lock }: Pick<Holder, 'state' | 'lock'>, identity: Identity, length?: number): QuietPeriod {
  return new QuietPeriod(length, { last: state({ ...identity, cells: [-Infinity] }), lock: lock(identity) })
}
