/** The memory budget for buffered request bodies. */

import type { Count } from '../contract/state.ts'

/**
 * Counts the bytes that all exchanges of a gateway hold. It survives a reload: bodies of the earlier generation count until their exchanges
 * end.
 */
export class BodyBudget {
  readonly #held: Count

  /** @param held bytes that all threads hold */
  constructor (held: Count) {
    this.#held = held
  }

  get used (): number {
    return this.#held.value
  }

  /** Takes bytes. Returns false, and takes none, when more than `limit` would be held. */
  take (bytes: number, limit: number): boolean {
    // First added, then compared: of two threads that take the last bytes at the same time, both may be refused, never both admitted.
    this.#held.add(bytes)
    if (this.#held.value <= limit) return true
    this.#held.add(-bytes)
    return false
  }

  /** Returns bytes that were taken. */
  give (bytes: number): void {
    this.#held.add(-bytes)
  }
}
