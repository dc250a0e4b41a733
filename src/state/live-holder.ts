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

/** What this holder does at its end with one thing. */
type Ending = () => void | Promise<void>

/** A task of this holder. */
interface HeldTask {
  readonly task: SharedTask<unknown>
  readonly definition: TaskDefinition<unknown>
  leave: Ending | undefined
}

export class LiveHolder implements ReleasableHolder {
  readonly #shelves: Shelves
  readonly #ended: () => void
  /** By shelf and identity. */
  readonly #endings = new Map<string, Ending>()
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
    const id = cellsIdentity(definition, values.length)
    return this.#take('state', id, states, () => memory.allocate(values))
  }

  readonly table = (definition: TableDefinition): StateTable => {
    const { tables, memory } = this.#shelves
    const id = tableIdentity(definition)
    return this.#take('table', id, tables, () => new CellTable(definition, memory))
  }

  readonly resource = <T>(definition: ResourceDefinition<T>): T => {
    const { resources } = this.#shelves
    const close = (resource: unknown): void | Promise<void> => definition.close?.(resource as T)
    return this.#take('resource', identityOf(definition), resources, () => definition.create(), close) as T
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
    const tasks = [...this.#tasks]
    const endings = [...this.#endings.values()]
    const inner = [...this.#inner]
    this.#tasks.clear()
    this.#endings.clear()
    this.#inner.clear()
    const failures = await failuresOf([
      ...tasks.map(async held => await this.#end(held)),
      ...inner.map(async holder => await holder.release())
    ])
    failures.push(...await failuresOf(endings.map(async end => await end())))
    if (failures.length > 0) throw failures[0]
  }

  #take<T> (shelfName: string, id: string, shelf: Shelf<T>, create: () => T, close?: (thing: T) => void | Promise<void>): T {
    const name = `${shelfName} ${id}`
    if (this.#endings.has(name)) return shelf.find(id)!
    const thing = shelf.take(id, create)
    this.#endings.set(name, () => shelf.release(id) ? close?.(thing) : undefined)
    return thing
  }

  async #end ([id, { task, leave }]: readonly [string, HeldTask]): Promise<void> {
    await leave?.()
    if (this.#shelves.tasks.release(id)) await task.stop()
  }
}

/** The number of cells is a part of the identity, so that nobody gets cells of another layout. */
export function cellsIdentity ({ kind, key, options }: Identity, length: number): string {
  return identityOf({ kind, key, options: [options, length] })
}

export function tableIdentity ({ kind, key, options, table: { rows, cells } }: TableDefinition): string {
  return identityOf({ kind, key, options: [options, rows, cells.length] })
}

function join (held: HeldTask): void {
  held.leave ??= held.task.join(held.definition)
}

/** Waits for all. One that fails does not prevent the others. */
async function failuresOf (endings: Iterable<Promise<void>>): Promise<unknown[]> {
  return (await Promise.allSettled(endings)).filter(result => result.status === 'rejected').map(({ reason }): unknown => reason)
}
