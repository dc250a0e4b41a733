/** The memory budget for buffered request bodies. */

/**
 * Counts the bytes that all exchanges of a gateway hold. It survives a reload: bodies of the earlier generation count until their exchanges
 * end.
 */
export class BodyBudget {
  #used = 0

  get used (): number {
    return this.#used
  }

  /** Takes bytes. Returns false, and takes none, when more than `limit` would be held. */
  take (bytes: number, limit: number): boolean {
    if (this.#used + bytes > limit) return false
    this.#used += bytes
    return true
  }

  /** Returns bytes that were taken. */
  give (bytes: number): void {
    this.#used -= bytes
  }
}
