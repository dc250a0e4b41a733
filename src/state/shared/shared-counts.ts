/** Counts by key of all threads: a row for each key, with a part for each thread. */

import type { CountsDefinition, KeyedCounts } from '../../contract/state.ts'
import { overflowKey } from '../local-memory.ts'
import { layoutLines, layoutOf, rowsInSet, type KeyLayout } from './key-layout.ts'
import { KeySets } from './key-sets.ts'
import type { SharedSpace } from './shared-space.ts'

export class SharedCounts implements KeyedCounts {
  readonly #sets: KeySets
  readonly #keys: number
  readonly #columns: number
  readonly #thread: number

  /** @param keys the most keys */
  constructor (space: SharedSpace, at: number, keys: number) {
    this.#sets = new KeySets(space, at)
    this.#keys = keys
    this.#columns = space.columns
    this.#thread = space.thread
  }

  get size (): number {
    return this.#sets.size
  }

  of (key: string): number {
    const sets = this.#sets
    const set = sets.acquireKey(key)
    const row = sets.find(set)
    const count = row < 0 ? 0 : this.#sum(set, row)
    const overflows = row < 0 && key !== overflowKey && !this.#hasRoom(set)
    sets.release(set)
    return overflows ? this.of(overflowKey) : count
  }

  enter (key: string, most: number): string | undefined {
    const sets = this.#sets
    const set = sets.acquireKey(key)
    let row = sets.find(set)
    const count = row < 0 ? 0 : this.#sum(set, row)
    const overflows = row < 0 && key !== overflowKey && !this.#hasRoom(set)
    const enters = !overflows && count < most
    if (enters) {
      if (row < 0) row = this.#add(set, key)
      sets.words[sets.rowAt(set, row) + this.#thread]!++
    }
    sets.release(set)
    if (overflows) return this.enter(overflowKey, most)
    return enters ? key : undefined
  }

  leave (counted: string): void {
    const sets = this.#sets
    const set = sets.acquireKey(counted)
    const row = sets.find(set)
    if (row >= 0) {
      sets.words[sets.rowAt(set, row) + this.#thread]!--
      if (this.#sum(set, row) === 0) sets.remove(set, row)
    }
    sets.release(set)
  }

  * entries (): Generator<[string, number]> {
    for (let index = 0; index < this.#sets.sets; index++) {
      const set = this.#sets.setAt(index)
      if (!this.#sets.hasRows(set)) continue
      this.#sets.acquire(set)
      const counts = rowsOf(this.#sets, set).map((row): [string, number] => [this.#sets.keyOf(set, row), this.#sum(set, row)])
      this.#sets.release(set)
      yield * counts
    }
  }

  /** The thread has died: its parts go. */
  died (thread: number): void {
    for (let index = 0; index < this.#sets.sets; index++) {
      const set = this.#sets.setAt(index)
      if (!this.#sets.hasRows(set)) continue
      this.#sets.acquire(set)
      for (const row of rowsOf(this.#sets, set)) {
        this.#sets.words[this.#sets.rowAt(set, row) + thread] = 0
        if (this.#sum(set, row) === 0) this.#sets.remove(set, row)
      }
      this.#sets.release(set)
    }
  }

  /** Keys that share a set with too many others are counted like those beyond the most. */
  #hasRoom (set: number): boolean {
    return this.#sets.size < this.#keys && !this.#sets.isFull(set)
  }

  #add (set: number, key: string): number {
    const row = this.#sets.add(set, key)
    const at = this.#sets.rowAt(set, row)
    this.#sets.words.fill(0, at, at + this.#columns)
    this.#sets.show(set, row)
    return row
  }

  #sum (set: number, row: number): number {
    const { words } = this.#sets
    const at = this.#sets.rowAt(set, row)
    let sum = 0
    for (let column = 0; column < this.#columns; column++) sum += words[at + column]!
    return sum
  }
}

export function countsLayout ({ keys }: CountsDefinition, columns: number): KeyLayout {
  return layoutOf(keys, columns)
}

export function countsLines (definition: CountsDefinition, columns: number): number {
  return layoutLines(countsLayout(definition, columns))
}

function rowsOf (sets: KeySets, set: number): number[] {
  return Array.from({ length: rowsInSet }, (_, row) => row).filter(row => sets.isUsed(set, row))
}
