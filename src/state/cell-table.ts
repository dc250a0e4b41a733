/** A table of a gateway: rows of cells by key. */

import { MapCycle } from '../collections/map-cycle.ts'
import type { Row, StateTable, TableDefinition } from '../contract/state.ts'
import type { CellMemory } from './cells.ts'

/** The number of rows that a new key looks at for one that may be removed. More than one, so that sweeping is faster than filling. */
const stride = 8

/** The number of rows that are added at once. */
const rowsAtOnce = 64

export class CellTable implements StateTable {
  readonly #definition: TableDefinition['table']
  readonly #memory: CellMemory
  readonly #rows = new Map<string, Row>()
  readonly #free: Row[] = []
  readonly #cycle = new MapCycle(this.#rows)

  constructor ({ table }: TableDefinition, memory: CellMemory) {
    this.#definition = table
    this.#memory = memory
  }

  /** There is only one thread. */
  acquire (): void {}

  release (): void {}

  get size (): number {
    return this.#rows.size
  }

  find (key: string): Row | undefined {
    return this.#rows.get(key)
  }

  entries (): Iterable<[string, Row]> {
    return this.#rows.entries()
  }

  room (now: number): boolean {
    this.sweep(now, stride)
    return this.#rows.size < this.#definition.rows
  }

  add (key: string): Row {
    const row = this.#free.pop() ?? this.#more()
    row.cells.set(this.#definition.cells, row.at)
    this.#rows.set(key, row)
    return row
  }

  remove (key: string): void {
    const row = this.#rows.get(key)
    if (row === undefined) return
    this.#rows.delete(key)
    this.#free.push(row)
  }

  removeShown (key: string): number {
    if (!this.#rows.has(key)) return 0
    this.remove(key)
    return 1
  }

  sweep (now: number, count: number): void {
    for (let left = Math.min(count, this.#rows.size); left > 0; left--) {
      const [key, { cells, at }] = this.#cycle.next()!
      if (cells[at]! <= now) this.remove(key)
    }
  }

  #more (): Row {
    const { cells: { length } } = this.#definition
    const cells = this.#memory.allocate(new Float64Array(length * rowsAtOnce))
    for (let row = rowsAtOnce - 1; row > 0; row--) this.#free.push({ cells, at: row * length })
    return { cells, at: 0 }
  }
}
