/** A lock of all threads. */

import type { Lock } from '../../contract/state.ts'
import type { LockWords } from './lock-words.ts'

export class SharedLock implements Lock {
  readonly #locks: LockWords
  readonly #at: number
  /** How often this thread has acquired it. */
  #depth = 0

  constructor (locks: LockWords, at: number) {
    this.#locks = locks
    this.#at = at
  }

  acquire (): void {
    if (this.#depth === 0) this.#locks.acquire(this.#at)
    this.#depth++
  }

  release (): void {
    if (--this.#depth === 0) this.#locks.release(this.#at)
  }
}
