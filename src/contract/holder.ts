/** A holder: takes what outlives a generation, and lets go of all of it at once. */

import type { ResourceDefinition } from './resource.ts'
import type { Count, CountsDefinition, Identity, KeyedCounts, Lock, StateDefinition, StateTable, TableDefinition } from './state.ts'
import type { TaskDefinition, TaskHandle } from './task.ts'

/**
 * What generations and targets take state, resources and tasks from. Each is kept as long as one holder has it. Taking the same one twice
 * counts once. The functions may be passed on without their object.
 */
export interface Holder {
  /**
   * Numbers that outlive this generation: the same cells for all that take them, in every thread. In a rehearsal they are a copy, renewed
   * for each request. Steps that other threads must not come between need a lock.
   */
  readonly state: (definition: StateDefinition) => Float64Array
  /** The same, with a row of cells for each key. */
  readonly table: (definition: TableDefinition) => StateTable
  /** A lock of all threads. */
  readonly lock: (identity: Identity) => Lock
  /** A number that all threads add to. */
  readonly count: (identity: Identity) => Count
  /** The same by key. */
  readonly counts: (definition: CountsDefinition) => KeyedCounts
  /** An object of this thread that outlives this generation, such as a connection pool. */
  readonly resource: <T>(definition: ResourceDefinition<T>) => T
  /** Work that outlives this generation, such as probing. */
  readonly task: <M = never, Q = never>(definition: TaskDefinition<M, Q>) => TaskHandle<Q>
  /** A holder inside this one, for what may end earlier. It lets go when it is released, and at the latest with this one. */
  readonly hold: () => ReleasableHolder
}

/** A holder that can let go. */
export interface ReleasableHolder extends Holder {
  /** Stops what tasks no other holder has, and keeps state and resources: for what is no longer wanted, but still in use. */
  endTasks (): Promise<void>
  /** Stops and closes what no other holder has: first tasks, then resources. */
  release (): Promise<void>
}
