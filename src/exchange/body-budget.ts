/** The budget for bodies of requests that are held in memory. */

/** Bytes that all exchanges of a gateway hold together. It outlives a reload: bodies of the generation before count until their exchanges end. */
export class BodyBudget {
  #used = 0

  get used (): number {
    return this.#used
  }

  /** Takes bytes, unless more than `limit` would then be held. */
  take (bytes: number, limit: number): boolean {
    if (this.#used + bytes > limit) return false
    this.#used += bytes
    return true
  }

  /** Gives bytes back that were taken. */
  give (bytes: number): void {
    this.#used -= bytes
  }
}
