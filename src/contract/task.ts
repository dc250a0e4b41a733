/** Tasks: what runs by itself and outlives a generation, such as probes, look-ups, timers and watched files. */

import type { Identity } from './state.ts'

/**
 * Says what a task does. It runs once in a gateway, however many threads serve requests. It starts when the first generation that has it is
 * complete: not while plugins register, not for a configuration that is rejected, and never in a rehearsal. It stops when the last
 * generation that has it ends.
 */
export interface TaskDefinition<M, Q = never> extends Identity {
  /** `thread`: it is about each thread itself, such as its event loop, its connections or its caches, and runs in every one of them. */
  readonly per?: 'gateway' | 'thread'
  /**
   * Starts it. Writes what it finds into state, or calls `publish`; a message is plain data, which threads can copy. The rules of `create`
   * of a resource hold for what it keeps of its generation.
   */
  start (this: void, publish: (message: M) => void): Stop | RunningTask<Q>
  /**
   * Called with what the task publishes, in the thread where it runs: for what happens once, such as events. Of all generations that have
   * the task, only the newest one hears.
   */
  hear? (this: void, message: M): void
  /**
   * Called with what the task publishes, in every thread and for every generation that has the task: for what all have to know, such as
   * keys or targets. One that comes later learns the last message first, before it serves. All threads must give it, or none.
   */
  learn? (this: void, message: M): void
}

/** Stops a task. Called once; what the task publishes afterwards is ignored. */
export type Stop = () => void | Promise<void>

/** A task that answers questions. */
export interface RunningTask<Q> {
  readonly stop: Stop
  /** Does what is asked for, such as to look again. Must not throw. */
  answer (question: Q): void | Promise<void>
}

/** A task as its generation sees it. */
export interface TaskHandle<Q> {
  /**
   * Asks the task, in whatever thread it runs. Resolves when it has answered and what it published before has been learned here; at once
   * where it does not run. Costs a message: not for every request.
   */
  readonly ask: (question: Q) => Promise<void>
}
