/** The memory budget for buffered request bodies. */

/** The position of its one cell: bytes that are held. It is 0 at the beginning. */
const held = 0

/**
 * Counts the bytes that all exchanges of a gateway hold. It survives a reload: bodies of the earlier generation count until their exchanges
 * end.
 */
export class BodyBudget {
  readonly #cells: Float64Array

  constructor (cells: Float64Array = new Float64Array(1)) {
    this.#cells = cells
  }

  get used (): number {
    return this.#cells[held]!
  }

  /** Takes bytes. Returns false, and takes none, when more than `limit` would be held. */
  take (bytes: number, limit: number): boolean {
    if (this.used + bytes > limit) return false
    this.#cells[held]! += bytes
    return true
  }

  /** Returns bytes that were taken. */
  give (bytes: number): void {
    this.#cells[held]! -= bytes
  }
}
