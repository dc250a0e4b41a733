/** The holder of a generation, and those inside it. */

import type { ReleasableHolder } from '../contract/holder.ts'
import type { ResourceDefinition } from '../contract/resource.ts'
import type {
  Count, CountsDefinition, Identity, KeyedCounts, Lock, StateDefinition, StateTable, TableDefinition
} from '../contract/state.ts'
import type { TaskDefinition, TaskHandle } from '../contract/task.ts'
import { initialCells } from './cells.ts'
import { identityOf } from './identity.ts'
import type { Shelf } from './shelf.ts'
import type { StateMemory } from './state-memory.ts'
import type { KeptTask, TaskPlace } from './task-place.ts'

/** All that a gateway keeps. */
export interface Shelves {
  readonly memory: StateMemory
  readonly tasks: TaskPlace
  readonly cells: Shelf<Float64Array>
  readonly tables: Shelf<StateTable>
  readonly locks: Shelf<Lock>
  readonly count: Shelf<Count>
  readonly counts: Shelf<KeyedCounts>
  readonly resources: Shelf<unknown>
}

/** A task of this holder. */
interface HeldTask {
  readonly task: KeptTask
  readonly definition: TaskDefinition<unknown, unknown>
  /** Set while it is started. */
  leave: (() => void) | undefined
}

export class LiveHolder implements ReleasableHolder {
  readonly #shelves: Shelves
  readonly #ended: () => void
  /** How each piece of state ends for this holder, by its identity. */
  readonly #state = new Map<string, () => void>()
  /** How each resource ends for this holder. */
  readonly #resources = new Map<string, () => void | Promise<void>>()
  readonly #tasks = new Map<string, HeldTask>()
  readonly #inner = new Set<LiveHolder>()
  #started: boolean

  /**
   * @param started whether its generation is complete, so that tasks start at once
   * @param ended called when it is released
   */
  constructor (shelves: Shelves, started = false, ended: () => void = () => {}) {
    this.#shelves = shelves
    this.#started = started
    this.#ended = ended
  }

  readonly state = (definition: StateDefinition): Float64Array => {
    const values = initialCells(definition.cells)
    const id = cellsIdentity(definition, values.length)
    return this.#take(this.#shelves.cells, id, () => this.#shelves.memory.cells(id, values))
  }

  readonly table = (definition: TableDefinition): StateTable => {
    const id = tableIdentity(definition)
    return this.#take(this.#shelves.tables, id, () => this.#shelves.memory.table(id, definition))
  }

  readonly lock = (identity: Identity): Lock => {
    const id = lockIdentity(identity)
    return this.#take(this.#shelves.locks, id, () => this.#shelves.memory.lock(id))
  }

  readonly count = (identity: Identity): Count => {
    const id = countIdentity(identity)
    return this.#take(this.#shelves.count, id, () => this.#shelves.memory.count(id))
  }

  readonly counts = (definition: CountsDefinition): KeyedCounts => {
    const id = countsIdentity(definition)
    return this.#take(this.#shelves.counts, id, () => this.#shelves.memory.counts(id, definition))
  }

  readonly resource = <T>(definition: ResourceDefinition<T>): T => {
    const { resources } = this.#shelves
    const id = identityOf(definition)
    if (this.#resources.has(id)) return resources.find(id) as T
    const resource = resources.take(id, () => definition.create()) as T
    this.#resources.set(id, () => resources.release(id) ? definition.close?.(resource) : undefined)
    return resource
  }

  readonly task = <M, Q>(definition: TaskDefinition<M, Q>): TaskHandle<Q> => {
    const id = identityOf(definition)
    const known = this.#tasks.get(id)
    if (known !== undefined) return known.task
    // Of one identity all messages have one type.
    const untyped = definition as TaskDefinition<unknown, unknown>
    const held: HeldTask = { task: this.#shelves.tasks.take(id, untyped), definition: untyped, leave: undefined }
    this.#tasks.set(id, held)
    if (this.#started) join(held)
    return held.task
  }

  readonly hold = (): LiveHolder => {
    const holder: LiveHolder = new LiveHolder(this.#shelves, this.#started, () => { this.#inner.delete(holder) })
    this.#inner.add(holder)
    return holder
  }

  /** The generation is complete: its tasks start, and those that are added from now on start at once. */
  start (): void {
    this.#started = true
    for (const held of this.#tasks.values()) join(held)
    for (const holder of this.#inner) holder.start()
  }

  async endTasks (): Promise<void> {
    const failures = await failuresOf([...this.#endOwnTasks(), ...[...this.#inner].map(async holder => await holder.endTasks())])
    if (failures.length > 0) throw failures[0]
  }

  async release (): Promise<void> {
    this.#ended()
    for (const end of this.#state.values()) end()
    this.#state.clear()
    const inner = [...this.#inner]
    const resources = [...this.#resources.values()]
    this.#inner.clear()
    this.#resources.clear()
    const ends = [...this.#endOwnTasks(), ...inner.map(async holder => await holder.release())]
    const failures = [...await failuresOf(ends), ...await failuresOf(resources.map(async end => await end()))]
    if (failures.length > 0) throw failures[0]
  }

  #take<T> (shelf: Shelf<T>, id: string, create: () => T): T {
    if (this.#state.has(id)) return shelf.find(id)!
    const taken = shelf.take(id, create)
    this.#state.set(id, () => { if (shelf.release(id)) this.#shelves.memory.release(id) })
    return taken
  }

  #endOwnTasks (): Promise<void>[] {
    const tasks = [...this.#tasks]
    this.#tasks.clear()
    return tasks.map(async held => await this.#end(held))
  }

  async #end ([id, { task, leave }]: readonly [string, HeldTask]): Promise<void> {
    leave?.()
    if (this.#shelves.tasks.release(id)) await task.stop()
  }
}

/** The number of cells is a part of the identity, so that cells of another layout are never returned. */
export function cellsIdentity ({ kind, key, options }: Identity, length: number): string {
  return identityOf({ kind, key, options: ['cells', options, length] })
}

export function tableIdentity ({ kind, key, options, table: { rows, cells } }: TableDefinition): string {
  return identityOf({ kind, key, options: ['table', options, rows, cells.length] })
}

export function lockIdentity ({ kind, key, options }: Identity): string {
  return identityOf({ kind, key, options: ['lock', options] })
}

export function countIdentity ({ kind, key, options }: Identity): string {
  return identityOf({ kind, key, options: ['count', options] })
}

export function countsIdentity ({ kind, key, options, keys }: CountsDefinition): string {
  return identityOf({ kind, key, options: ['counts', options, keys] })
}

function join (held: HeldTask): void {
  held.leave ??= held.task.join(held.definition)
}

/** Waits for all. One that fails does not prevent the others. */
async function failuresOf (endings: Iterable<Promise<void>>): Promise<unknown[]> {
  return (await Promise.allSettled(endings)).filter(result => result.status === 'rejected').map(({ reason }): unknown => reason)
}
