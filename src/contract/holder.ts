/** A holder: takes what outlives a generation, and lets go of all of it at once. */

import type { ResourceDefinition } from './resource.ts'
import type { StateDefinition, StateTable, TableDefinition } from './state.ts'
import type { TaskDefinition } from './task.ts'

/**
 * What generations and targets take state, resources and tasks from. Each is kept as long as one holder has it. Taking the same one twice
 * counts once. The functions may be passed on without their object.
 */
export interface Holder {
  /**
   * Numbers that outlive this generation: the same cells for all that take them. In a rehearsal they are a copy, renewed for each request.
   * They may lie in memory that threads share, so there is nothing in them but numbers.
   */
  readonly state: (definition: StateDefinition) => Float64Array
  /** The same, with a row of cells for each key. */
  readonly table: (definition: TableDefinition) => StateTable
  /** An object that outlives this generation, such as a connection pool. */
  readonly resource: <T>(definition: ResourceDefinition<T>) => T
  /** Work that outlives this generation, such as probing. */
  readonly task: <M = never>(definition: TaskDefinition<M>) => void
  /** A holder inside this one, for what may end earlier. It lets go when it is released, and at the latest with this one. */
  readonly hold: () => ReleasableHolder
}

/** A holder that can let go. */
export interface ReleasableHolder extends Holder {
  /** Stops and closes what no other holder has: first tasks, then resources. */
  release (): Promise<void>
}
