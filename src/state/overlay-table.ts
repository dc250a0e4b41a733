/** The table of a rehearsal: shows the rows of the gateway, and keeps changes to itself. A row is copied when it is found. */

import type { Row, StateTable, TableDefinition } from '../contract/state.ts'

export class OverlayTable implements StateTable {
  readonly #definition: TableDefinition['table']
  readonly #base: () => StateTable | undefined
  /** The rows that were used; undefined for one that was removed. */
  readonly #own = new Map<string, Row | undefined>()
  /** How many rows there are more than in the gateway. */
  #added = 0

  /** @param base returns the table of the gateway; undefined while it has none */
  constructor ({ table }: TableDefinition, base: () => StateTable | undefined) {
    this.#definition = table
    this.#base = base
  }

  /** No other thread has it. */
  acquire (): void {}

  release (): void {}

  get size (): number {
    return (this.#base()?.size ?? 0) + this.#added
  }

  find (key: string): Row | undefined {
    if (this.#own.has(key)) return this.#own.get(key)
    const copy = this.#copyOf(key)
    if (copy !== undefined) this.#own.set(key, copy)
    return copy
  }

  * entries (): Generator<[string, Row]> {
    for (const [key, row] of this.#base()?.entries() ?? []) if (!this.#own.has(key)) yield [key, row]
    for (const [key, row] of this.#own) if (row !== undefined) yield [key, row]
  }

  room (): boolean {
    return this.size < this.#definition.rows
  }

  add (key: string): Row {
    const row = { cells: Float64Array.from(this.#definition.cells), at: 0 }
    this.#own.set(key, row)
    this.#added++
    return row
  }

  remove (key: string): void {
    if (this.find(key) === undefined) return
    this.#own.set(key, undefined)
    this.#added--
  }

  removeShown (key: string): number {
    if (this.find(key) === undefined) return 0
    this.remove(key)
    return 1
  }

  /** A rehearsal is too short for it. */
  sweep (): void {}

  #copyOf (key: string): Row | undefined {
    const base = this.#base()
    if (base === undefined) return undefined
    base.acquire(key)
    try {
      const row = base.find(key)
      return row === undefined ? undefined : { cells: row.cells.slice(row.at, row.at + this.#definition.cells.length), at: 0 }
    } finally {
      base.release()
    }
  }

  /** Forgets all changes. */
  renew (): void {
    this.#own.clear()
    this.#added = 0
  }
}
