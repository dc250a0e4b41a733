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
import { initialCells } from './cells.ts'
import { identityOf } from './identity.ts'
import { cellsIdentity, countIdentity, countsIdentity, tableIdentity, type Shelves } from './live-holder.ts'
import { noLock } from './local-memory.ts'
import { OverlayCount, OverlayCounts } from './overlay-counts.ts'
import { OverlayTable } from './overlay-table.ts'

/** The copy of a buffer of the gateway. */
interface BufferCopy {
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
  readonly #buffers = new Map<ArrayBufferLike, BufferCopy>()
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
    return { state, table, lock, count, counts, resource, task, hold, release: async () => {} }
  }

  /** Copies the state of the gateway as it is now. Call it before each rehearsal. */
  renew (): void {
    for (const { from, to } of this.#buffers.values()) to.set(from)
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
    const { buffer, byteOffset, length } = cells
    let copy = this.#buffers.get(buffer)
    if (copy === undefined) {
      copy = { from: new Uint8Array(buffer), to: new Uint8Array(buffer.byteLength) }
      copy.to.set(copy.from)
      this.#buffers.set(buffer, copy)
    }
    return new Float64Array(copy.to.buffer, byteOffset, length)
  }

  #own (id: string, values: readonly number[]): Float64Array {
    const cells = Float64Array.from(values)
    this.#ownStates.push({ id, cells, values })
    return cells
  }
}
