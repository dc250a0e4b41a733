/** Tasks: what runs by itself and outlives a generation, such as probes, look-ups, timers and watched files. */

import type { Identity } from './state.ts'

/**
 * Says what a task does. It starts when the first generation that has it is complete: not while plugins register, not for a configuration
 * that is rejected, and never in a rehearsal. It stops when the last generation that has it ends.
 */
export interface TaskDefinition<M> extends Identity {
  /**
   * Starts it, and returns what stops it. Writes what it finds into state or resources, or calls `publish`. The rules of `create` of a
   * resource hold for what it keeps of its generation.
   */
  start (publish: (message: M) => void): Stop
  /** Called with what the task publishes. Of all generations that have the task, only the newest one hears. */
  hear? (message: M): void
}

/** Stops a task. Called once; what the task publishes afterwards is ignored. */
export type Stop = () => void | Promise<void>
