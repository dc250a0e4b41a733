/** The memory of a gateway with one thread, which needs no locks. The garbage collector frees what has been released. */

import type { Count, CountsDefinition, KeyedCounts, Lock, StateTable, TableDefinition } from '../contract/state.ts'
import { CellTable } from './cell-table.ts'
import { CellMemory } from './cells.ts'
import type { StateMemory } from './state-memory.ts'

/** The lock of one thread. */
export const noLock: Lock = { acquire () {}, release () {} }

export class LocalMemory implements StateMemory {
  readonly #cells = new CellMemory()

  cells (_id: string, values: readonly number[]): Float64Array {
    return this.#cells.allocate(values)
  }

  table (_id: string, definition: TableDefinition): StateTable {
    return new CellTable(definition, this.#cells)
  }

  lock (): Lock {
    return noLock
  }

  count (): Count {
    return new LocalCount()
  }

  counts (_id: string, { keys }: CountsDefinition): KeyedCounts {
    return new LocalCounts(keys)
  }

  release (): void {}
}

export class LocalCount implements Count {
  value = 0

  add (amount: number): void {
    this.value += amount
  }
}

/** The key that those beyond the most share. No other key is empty. */
export const overflowKey = ''

class LocalCounts implements KeyedCounts {
  readonly #keys: number
  readonly #counts = new Map<string, number>()

  constructor (keys: number) {
    this.#keys = keys
  }

  get size (): number {
    return this.#counts.size
  }

  of (key: string): number {
    return this.#counts.get(this.#slot(key)) ?? 0
  }

  enter (key: string, most: number): string | undefined {
    const slot = this.#slot(key)
    const count = this.#counts.get(slot) ?? 0
    if (count >= most) return undefined
    this.#counts.set(slot, count + 1)
    return slot
  }

  leave (counted: string): void {
    const left = this.#counts.get(counted)! - 1
    if (left > 0) this.#counts.set(counted, left)
    else this.#counts.delete(counted)
  }

  entries (): Iterable<[string, number]> {
    return this.#counts.entries()
  }

  #slot (key: string): string {
    return this.#counts.has(key) || this.#counts.size < this.#keys ? key : overflowKey
  }
}
