/** Counts the concurrent requests of each key. */

import type { StateTable } from '../../../src/index.ts'

/** A new row: it must stay as long as it is there, and has no requests. */
export const concurrencyCells: readonly number[] = [Infinity, 0]

/** The position of the count in a row. */
const count = 1

/** Counts by key. A key without requests in progress is removed, so there are never more keys than requests. */
export class Concurrency {
  readonly #table: StateTable

  /** @param table with rows like {@link concurrencyCells} */
  constructor (table: StateTable) {
    this.#table = table
  }

  /** Number of keys with requests in progress. */
  get size (): number {
    return this.#table.size
  }

  /** Requests of a key in progress. */
  active (key: string): number {
    const row = this.#table.find(key)
    return row === undefined ? 0 : row.cells[row.at + count]!
  }

  /** Adds a request. */
  enter (key: string): void {
    const { cells, at } = this.#table.find(key) ?? this.#table.add(key)
    cells[at + count]!++
  }

  /** Removes a request. To be called exactly once for each `enter`. */
  leave (key: string): void {
    const row = this.#table.find(key)
    if (row !== undefined && --row.cells[row.at + count]! <= 0) this.#table.remove(key)
  }
}
