/** Where the state of a gateway lies: in the memory of its only thread, or in memory that its threads share. */

import type { Count, CountsDefinition, KeyedCounts, Lock, StateTable, TableDefinition } from '../contract/state.ts'

/** Each function returns the same for the same `id`, in whatever thread, from the first call until {@link release}. */
export interface StateMemory {
  /** @param values of new cells */
  cells (id: string, values: readonly number[]): Float64Array
  table (id: string, definition: TableDefinition): StateTable
  lock (id: string): Lock
  count (id: string): Count
  counts (id: string, definition: CountsDefinition): KeyedCounts
  /** No generation of this thread has it any more. */
  release (id: string): void
}
