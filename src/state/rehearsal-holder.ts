/**
 * The holder of an app that rehearses. Its cells and tables are copies of those of the gateway, which `renew` makes anew: the views that
 * plugins hold stay the same. Resources are those of the gateway. Tasks never run.
 */

import type { ReleasableHolder } from '../contract/holder.ts'
import type { ResourceDefinition } from '../contract/resource.ts'
import type {
  Count, CountsDefinition, Identity, KeyedCounts, Lock, StateDefinition, StateTable, TableDefinition
} from '../contract/state.ts'
import { allSettled } from './all-settled.ts'
import { chunkBytes, initialCells } from './cells.ts'
import { identityOf } from './identity.ts'
import { cellsIdentity, countIdentity, countsIdentity, tableIdentity, type Shelves } from './live-holder.ts'
import { noLock } from './local-memory.ts'
import { OverlayCount, OverlayCounts } from './overlay-counts.ts'
import { OverlayTable } from './overlay-table.ts'

/** The copy of a part of a buffer of the gateway. */
interface ChunkCopy {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** Cells that the gateway does not have, with the numbers of new ones. */
interface OwnCells {
  readonly id: string
  readonly cells: Float64Array
  readonly values: readonly number[]
}

export class RehearsalHolder implements ReleasableHolder {
  readonly #live: Shelves
  /** By the buffer and where they begin in it. */
  readonly #chunks = new Map<ArrayBufferLike, Map<number, ChunkCopy>>()
  readonly #states = new Map<string, Float64Array>()
  readonly #ownStates: OwnCells[] = []
  readonly #tables = new Map<string, OverlayTable>()
  readonly #count = new Map<string, OverlayCount>()
  readonly #counts = new Map<string, OverlayCounts>()
  readonly #ownResources = new Map<string, { readonly resource: unknown, readonly close: () => void | Promise<void> }>()

  constructor (live: Shelves) {
    this.#live = live
  }

  readonly state = (definition: StateDefinition): Float64Array => {
    const values = initialCells(definition.cells)
    const id = cellsIdentity(definition, values.length)
    let cells = this.#states.get(id)
    if (cells === undefined) this.#states.set(id, cells = this.#copyOf(id) ?? this.#own(id, values))
    return cells
  }

  readonly table = (definition: TableDefinition): StateTable => {
    const id = tableIdentity(definition)
    let table = this.#tables.get(id)
    if (table === undefined) this.#tables.set(id, table = new OverlayTable(definition, () => this.#live.tables.find(id)))
    return table
  }

  readonly lock = (_identity: Identity): Lock => noLock

  readonly count = (identity: Identity): Count => {
    const id = countIdentity(identity)
    let count = this.#count.get(id)
    if (count === undefined) this.#count.set(id, count = new OverlayCount(() => this.#live.count.find(id)))
    return count
  }

  readonly counts = (definition: CountsDefinition): KeyedCounts => {
    const id = countsIdentity(definition)
    let counts = this.#counts.get(id)
    if (counts === undefined) this.#counts.set(id, counts = new OverlayCounts(() => this.#live.counts.find(id)))
    return counts
  }

  readonly resource = <T>(definition: ResourceDefinition<T>): T => {
    const id = identityOf(definition)
    const own = this.#ownResources.get(id)
    if (own !== undefined) return own.resource as T
    const shared = this.#live.resources.find(id)
    if (shared !== undefined) return shared as T
    const resource = definition.create()
    this.#ownResources.set(id, { resource, close: () => definition.close?.(resource) })
    return resource
  }

  readonly task: ReleasableHolder['task'] = () => ({ ask: async () => {} })

  /** A rehearsal never ends a part of itself, so the inner holder has nothing to release. */
  readonly hold = (): ReleasableHolder => {
    const { state, table, lock, count, counts, resource, task, hold } = this
    return { state, table, lock, count, counts, resource, task, hold, endTasks: async () => {}, release: async () => {} }
  }

  /** There are none. */
  async endTasks (): Promise<void> {}

  /**
   * Copies the state of the gateway as it is now. Call it before each rehearsal. No lock is acquired: where another thread is about to
   * change several numbers, the copy may have the new ones of some and the old ones of others.
   */
  renew (): void {
    for (const chunks of this.#chunks.values()) for (const { from, to } of chunks.values()) to.set(from)
    for (const { id, cells, values } of this.#ownStates) cells.set(this.#live.cells.find(id) ?? values)
    for (const overlay of [...this.#tables.values(), ...this.#count.values(), ...this.#counts.values()]) overlay.renew()
  }

  async release (): Promise<void> {
    const own = [...this.#ownResources.values()]
    this.#ownResources.clear()
    await allSettled(own.map(async ({ close }) => await close()))
  }

  /** The same slice of a copy of the same buffer; undefined where the gateway has no such state. */
  #copyOf (id: string): Float64Array | undefined {
    const cells = this.#live.cells.find(id)
    if (cells === undefined) return undefined
    const { buffer, byteOffset, byteLength, length } = cells
    const start = byteOffset - byteOffset % chunkBytes
    // What does not lie in one chunk begins in one that nothing else lies in.
    const bytes = Math.max(byteOffset - start + byteLength, Math.min(chunkBytes, buffer.byteLength - start))
    const { to } = this.#chunkOf(buffer, start, bytes)
    return new Float64Array(to.buffer, byteOffset - start, length)
  }

  #chunkOf (buffer: ArrayBufferLike, start: number, bytes: number): ChunkCopy {
    let chunks = this.#chunks.get(buffer)
    if (chunks === undefined) this.#chunks.set(buffer, chunks = new Map())
    let chunk = chunks.get(start)
    if (chunk === undefined) {
      chunk = { from: new Uint8Array(buffer, start, bytes), to: new Uint8Array(bytes) }
      chunk.to.set(chunk.from)
      chunks.set(start, chunk)
    }
    return chunk
  }

  #own (id: string, values: readonly number[]): Float64Array {
    const cells = Float64Array.from(values)
    this.#ownStates.push({ id, cells, values })
    return cells
  }
}
