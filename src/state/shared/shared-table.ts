/** A table of all threads. */

import type { Row, StateTable, TableDefinition } from '../../contract/state.ts'
import { layoutLines, layoutOf, rowsInSet, type KeyLayout } from './key-layout.ts'
import { KeySets } from './key-sets.ts'
import type { SharedSpace } from './shared-space.ts'

/** Sets that a new key looks at for rows that may be removed, when the table is full. */
const stride = 2

/** A row that a thread has: the same object for each key. */
interface HeldRow extends Row {
  at: number
}

/** A key that this thread has acquired. */
interface HeldKey {
  key: string | undefined
  set: number
  readonly row: HeldRow
}

export class SharedTable implements StateTable {
  readonly #definition: TableDefinition['table']
  readonly #sets: KeySets
  readonly #numbers: Float64Array
  /** The number of `#numbers` that is at word 0 of the space. */
  readonly #origin: number
  readonly #held: HeldKey
  readonly #heldOverflow: HeldKey
  /** The set that is swept next. */
  #next = 0

  constructor (space: SharedSpace, at: number, { table }: TableDefinition) {
    this.#definition = table
    this.#sets = new KeySets(space, at)
    // Not of all memory: what writes beyond a row harms this table only.
    this.#numbers = new Float64Array(space.buffer, at * 4, tableLines(table) * 8)
    this.#origin = -at / 2
    this.#held = { key: undefined, set: 0, row: { cells: this.#numbers, at: 0 } }
    this.#heldOverflow = { key: undefined, set: 0, row: { cells: this.#numbers, at: 0 } }
  }

  get size (): number {
    return this.#sets.size
  }

  acquire (key: string): void {
    const held = key === '' ? this.#heldOverflow : this.#held
    if (held.key !== undefined) throw new Error(`the key "${held.key}" has not been released`)
    held.set = this.#sets.acquireKey(key)
    held.key = key
  }

  release (): void {
    const held = this.#heldOverflow.key === undefined ? this.#held : this.#heldOverflow
    if (held.key === undefined) throw new Error('no key has been acquired')
    held.key = undefined
    this.#sets.release(held.set)
  }

  find (key: string): Row | undefined {
    const { set, row } = this.#heldOf(key)
    const found = this.#sets.find(set)
    if (found < 0) return undefined
    row.at = this.#cellsAt(set, found)
    return row
  }

  room (now: number): boolean {
    const { set } = this.#held
    if (this.#held.key === undefined) throw new Error('no key has been acquired')
    if (this.#sets.isFull(set) || this.#sets.size >= this.#definition.rows) this.#makeRoom(set, now)
    return !this.#sets.isFull(set) && this.#sets.size < this.#definition.rows
  }

  add (key: string): Row {
    const { set, row } = this.#heldOf(key)
    const added = this.#sets.add(set, key)
    row.at = this.#cellsAt(set, added)
    this.#numbers.set(this.#definition.cells, row.at)
    this.#sets.show(set, added)
    return row
  }

  remove (key: string): void {
    const { set } = this.#heldOf(key)
    const row = this.#sets.find(set)
    if (row >= 0) this.#sets.remove(set, row)
  }

  /** Copies of the rows, set by set. */
  * entries (): Generator<[string, Row]> {
    const length = this.#definition.cells.length
    for (let index = 0; index < this.#sets.sets; index++) {
      const set = this.#sets.setAt(index)
      if (!this.#sets.hasRows(set)) continue
      const rows: [string, Row][] = []
      const own = this.#holds(set)
      if (!own) this.#sets.acquire(set)
      for (let row = 0; row < rowsInSet; row++) {
        if (!this.#sets.isUsed(set, row)) continue
        const at = this.#cellsAt(set, row)
        rows.push([this.#sets.keyOf(set, row), { cells: this.#numbers.slice(at, at + length), at: 0 }])
      }
      if (!own) this.#sets.release(set)
      yield * rows
    }
  }

  removeShown (key: string): number {
    let removed = 0
    for (let index = 0; index < this.#sets.sets; index++) {
      const set = this.#sets.setAt(index)
      if (!this.#sets.hasRows(set)) continue
      this.#sets.acquire(set)
      for (let row = 0; row < rowsInSet; row++) {
        if (!this.#sets.isUsed(set, row) || this.#sets.keyOf(set, row) !== key) continue
        this.#sets.remove(set, row)
        removed++
      }
      this.#sets.release(set)
    }
    return removed
  }

  sweep (now: number, count: number): void {
    for (let left = Math.ceil(count / rowsInSet); left > 0; left--) {
      const set = this.#nextSet()
      if (!this.#sets.hasRows(set) || this.#holds(set)) continue
      this.#sets.acquire(set)
      this.#removeOver(set, now)
      this.#sets.release(set)
    }
  }

  /** Another set is not waited for: its holder may want this one. */
  #makeRoom (own: number, now: number): void {
    this.#removeOver(own, now)
    for (let left = stride; left > 0 && this.#sets.size >= this.#definition.rows; left--) {
      const set = this.#nextSet()
      if (this.#holds(set) || !this.#sets.tryAcquire(set)) continue
      this.#removeOver(set, now)
      this.#sets.release(set)
    }
  }

  #removeOver (set: number, now: number): void {
    for (let row = 0; row < rowsInSet; row++) {
      if (this.#sets.isUsed(set, row) && this.#numbers[this.#cellsAt(set, row)]! <= now) this.#sets.remove(set, row)
    }
  }

  #nextSet (): number {
    this.#next = this.#next + 1 < this.#sets.sets ? this.#next + 1 : 0
    return this.#sets.setAt(this.#next)
  }

  #holds (set: number): boolean {
    return this.#held.key !== undefined && this.#held.set === set || this.#heldOverflow.key !== undefined && this.#heldOverflow.set === set
  }

  #heldOf (key: string): HeldKey {
    const held = key === '' ? this.#heldOverflow : this.#held
    if (held.key !== key) throw new Error(`the key "${key}" has not been acquired`)
    return held
  }

  #cellsAt (set: number, row: number): number {
    return this.#sets.rowAt(set, row) / 2 + this.#origin
  }
}

export function tableLayout ({ rows, cells }: TableDefinition['table']): KeyLayout {
  return layoutOf(rows, 2 * cells.length)
}

export function tableLines (table: TableDefinition['table']): number {
  return layoutLines(tableLayout(table))
}
