/** The holder of a generation, and those inside it. */

import type { ReleasableHolder } from '../contract/holder.ts'
import type { ResourceDefinition } from '../contract/resource.ts'
import type { Identity, StateDefinition, StateTable, TableDefinition } from '../contract/state.ts'
import type { TaskDefinition } from '../contract/task.ts'
import { CellTable } from './cell-table.ts'
import { initialCells, type CellMemory } from './cells.ts'
import { identityOf } from './identity.ts'
import { SharedTask } from './shared-task.ts'
import type { Shelf } from './shelf.ts'

/** All that a gateway keeps. */
export interface Shelves {
  readonly memory: CellMemory
  readonly states: Shelf<Float64Array>
  readonly tables: Shelf<CellTable>
  readonly resources: Shelf<unknown>
  readonly tasks: Shelf<SharedTask<unknown>>
}

/** A task of this holder. */
interface HeldTask {
  readonly task: SharedTask<unknown>
  readonly definition: TaskDefinition<unknown>
  /** Set while it is started. */
  leave: (() => void) | undefined
}

export class LiveHolder implements ReleasableHolder {
  readonly #shelves: Shelves
  readonly #ended: () => void
  readonly #states = new Set<string>()
  readonly #tables = new Set<string>()
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
    const { states, memory } = this.#shelves
    const values = initialCells(definition.cells)
    return takeOnce(states, this.#states, cellsIdentity(definition, values.length), () => memory.allocate(values))
  }

  readonly table = (definition: TableDefinition): StateTable => {
    const { tables, memory } = this.#shelves
    return takeOnce(tables, this.#tables, tableIdentity(definition), () => new CellTable(definition, memory))
  }

  readonly resource = <T>(definition: ResourceDefinition<T>): T => {
    const { resources } = this.#shelves
    const id = identityOf(definition)
    if (this.#resources.has(id)) return resources.find(id) as T
    const resource = resources.take(id, () => definition.create()) as T
    this.#resources.set(id, () => resources.release(id) ? definition.close?.(resource) : undefined)
    return resource
  }

  readonly task = <M>(definition: TaskDefinition<M>): void => {
    const id = identityOf(definition)
    if (this.#tasks.has(id)) return
    const held: HeldTask = {
      task: this.#shelves.tasks.take(id, () => new SharedTask<unknown>()),
      definition,
      leave: undefined
    }
    this.#tasks.set(id, held)
    if (this.#started) join(held)
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

  async release (): Promise<void> {
    this.#ended()
    // Cells at once: late writes go into cells that have no reader.
    releaseAll(this.#shelves.states, this.#states)
    releaseAll(this.#shelves.tables, this.#tables)
    const tasks = [...this.#tasks]
    const inner = [...this.#inner]
    const resources = [...this.#resources.values()]
    this.#tasks.clear()
    this.#inner.clear()
    this.#resources.clear()
    const ends = [...tasks.map(async held => await this.#end(held)), ...inner.map(async holder => await holder.release())]
    const failures = [...await failuresOf(ends), ...await failuresOf(resources.map(async end => await end()))]
    if (failures.length > 0) throw failures[0]
  }

  async #end ([id, { task, leave }]: readonly [string, HeldTask]): Promise<void> {
    leave?.()
    if (this.#shelves.tasks.release(id)) await task.stop()
  }
}

/** The number of cells is a part of the identity, so that cells of another layout are never returned. */
export function cellsIdentity ({ kind, key, options }: Identity, length: number): string {
  return identityOf({ kind, key, options: [options, length] })
}

export function tableIdentity ({ kind, key, options, table: { rows, cells } }: TableDefinition): string {
  return identityOf({ kind, key, options: [options, rows, cells.length] })
}

function takeOnce<T> (shelf: Shelf<T>, taken: Set<string>, id: string, create: () => T): T {
  if (taken.has(id)) return shelf.find(id)!
  taken.add(id)
  return shelf.take(id, create)
}

function releaseAll<T> (shelf: Shelf<T>, taken: Set<string>): void {
  for (const id of taken) shelf.release(id)
  taken.clear()
}

function join (held: HeldTask): void {
  held.leave ??= held.task.join(held.definition)
}

/** Waits for all. One that fails does not prevent the others. */
async function failuresOf (endings: Iterable<Promise<void>>): Promise<unknown[]> {
  return (await Promise.allSettled(endings)).filter(result => result.status === 'rejected').map(({ reason }): unknown => reason)
}
