/** The memory of a gateway with several threads: one buffer that all of them have. */

import type { Count, CountsDefinition, KeyedCounts, Lock, StateTable, TableDefinition } from '../../contract/state.ts'
import type { StateMemory } from '../state-memory.ts'
import { Directory, type Kind } from './directory.ts'
import { writeLayout } from './key-layout.ts'
import { SharedCount, countLines } from './shared-count.ts'
import { SharedCounts, countsLines, countsLayout } from './shared-counts.ts'
import { SharedLock } from './shared-lock.ts'
import { lineWords, lostAt, SharedSpace } from './shared-space.ts'
import { SharedTable, tableLines, tableLayout } from './shared-table.ts'

/** Numbers of a line. */
const lineNumbers = lineWords / 2

/** What may be chosen of a new memory. */
export interface SharedMemoryOptions {
  /** Bytes that are asked for, a power of 2; half of it, and so on, where the system refuses. */
  readonly bytes?: number
  /** A clock of all threads that never jumps. */
  readonly seconds?: () => number
}

export class SharedMemory implements StateMemory {
  readonly #space: SharedSpace
  readonly #directory: Directory
  /** What this thread has, by its identity: the same object as long as it has it. */
  readonly #objects = new Map<string, unknown>()

  private constructor (space: SharedSpace, seconds?: () => number) {
    this.#space = space
    this.#directory = new Directory(space, seconds)
  }

  /**
   * Creates the memory. The control thread calls it.
   * @param threads how many share it, the control thread included
   * @throws when the system has not even 64 MiB of addresses
   */
  static create (threads: number, { bytes, seconds }: SharedMemoryOptions = {}): SharedMemory {
    return new SharedMemory(SharedSpace.create(threads, bytes), seconds)
  }

  /** The memory of a data thread. @param thread its number; one that replaces a dead thread has the same, once `died` was called */
  static attach (buffer: SharedArrayBuffer, thread: number, { seconds }: SharedMemoryOptions = {}): SharedMemory {
    return new SharedMemory(SharedSpace.attach(buffer, thread), seconds)
  }

  /** What a data thread attaches to. */
  get buffer (): SharedArrayBuffer {
    return this.#space.buffer
  }

  /** How many identities have state, in all threads. */
  get size (): number {
    return this.#directory.size
  }

  cells (id: string, values: readonly number[]): Float64Array {
    return this.#take(
      id, 'cells', Math.ceil(values.length / lineNumbers),
      at => new Float64Array(this.#space.buffer, at * 4, values.length),
      at => { this.#space.numbers.set(values, at / 2) }
    )
  }

  /** @throws when the table is too large for the memory */
  table (id: string, definition: TableDefinition): StateTable {
    const layout = tableLayout(definition.table)
    return this.#take(
      id, 'table', tableLines(definition.table),
      at => new SharedTable(this.#space, at, definition),
      at => { writeLayout(this.#space.words, at, layout) },
      definition.table.rows
    )
  }

  lock (id: string): Lock {
    return this.#take(id, 'lock', 1, at => new SharedLock(this.#space.locks, at))
  }

  count (id: string): Count {
    return this.#take(id, 'count', countLines(this.#space.columns), at => new SharedCount(this.#space, at))
  }

  /** @throws when there are too many keys for the memory */
  counts (id: string, definition: CountsDefinition): KeyedCounts {
    const { columns } = this.#space
    return this.#take(
      id, 'counts', countsLines(definition, columns),
      at => new SharedCounts(this.#space, at, definition.keys),
      at => { writeLayout(this.#space.words, at, countsLayout(definition, columns)) },
      definition.keys
    )
  }

  release (id: string): void {
    this.#objects.delete(id)
    this.#directory.release(id)
  }

  /**
   * A data thread has ended, however that was: what it had counted goes, and others may take its locks. The control thread calls it, after
   * the end and before another thread has the number.
   */
  died (thread: number): void {
    this.#space.locks.died(thread)
    this.#directory.each('count', at => { new SharedCount(this.#space, at).died(thread) })
    this.#directory.each('counts', at => { new SharedCounts(this.#space, at, 0).died(thread) })
    Atomics.add(this.#space.words, lostAt, 1)
    this.#directory.died(thread)
  }

  #take<T> (id: string, kind: Kind, lines: number, open: (at: number) => T, fill?: (at: number) => void, keys?: number): T {
    const known = this.#objects.get(id)
    if (known !== undefined) return known as T
    const at = this.#directory.take(id, kind, lines, fill)
    if (at === undefined) throw new RangeError(this.#tooLarge(id, lines, keys))
    const object = open(at)
    this.#objects.set(id, object)
    return object
  }

  #tooLarge (id: string, lines: number, keys?: number): string {
    const [concern, key] = JSON.parse(id) as [string, string]
    const needed = `${concern} "${key}" needs ${mebibytes(lines * lineWords * 4)} MiB${keys === undefined ? '' : ` for ${keys} keys`}`
    const there = `the threads of the gateway share ${mebibytes(this.buffer.byteLength)} MiB, and have no room for it`
    return `${needed}, but ${there}: ${keys === undefined ? 'configure less' : 'lower the number of keys'}`
  }
}

function mebibytes (bytes: number): number {
  return Math.ceil(bytes / 2 ** 20)
}
