/** A count that only who has a lock changes: its sum is kept in a cell, so reading it costs the same for any number of threads. */

import type { Holder } from '../contract/holder.ts'
import type { Count, Identity, Lock } from '../contract/state.ts'

/** Positions of the cells: the sum, and how many threads had died when it was made. */
const sum = 0
const lostThen = 1

/** The count with this identity. @param lock must be held to add */
export function guardedCount ({ count, state }: Pick<Holder, 'count' | 'state'>, identity: Identity, lock: Lock): Count {
  const parts = count(identity)
  return parts.lost === undefined ? parts : new GuardedCount(parts, state({ ...identity, cells: 2 }), lock)
}

class GuardedCount implements Count {
  readonly #parts: Count
  readonly #cells: Float64Array
  readonly #lock: Lock

  constructor (parts: Count, cells: Float64Array, lock: Lock) {
    this.#parts = parts
    this.#cells = cells
    this.#lock = lock
  }

  get value (): number {
    if (this.#cells[lostThen] !== this.#parts.lost) this.#renew()
    return this.#cells[sum]!
  }

  get lost (): number {
    return this.#parts.lost!
  }

  add (amount: number): void {
    this.#cells[sum]! += amount
    this.#parts.add(amount)
  }

  /** What a thread has added has gone with it. */
  #renew (): void {
    this.#lock.acquire()
    try {
      // Read first: of a thread that dies meanwhile, the next reader hears.
      this.#cells[lostThen] = this.#parts.lost!
      this.#cells[sum] = this.#parts.value
    } finally {
      this.#lock.release()
    }
  }
}
