/** Where tasks run: in this thread, or in another one that tells this one what they find. */

import type { TaskDefinition, TaskHandle } from '../contract/task.ts'
import { SharedTask } from './shared-task.ts'
import { Shelf } from './shelf.ts'

/** A task for all generations of this thread that have it. */
export interface KeptTask extends TaskHandle<unknown> {
  /** A generation that is complete has the task: it is started unless it runs. Returns what ends the part of this generation. */
  join (definition: TaskDefinition<unknown, unknown>): () => void
  /** No generation of this thread has it any more. */
  stop (): Promise<void>
}

export interface TaskPlace {
  /** Number of tasks that generations have, for tests. */
  readonly size: number
  /** The task with this identity, a new one for the first generation. Each call needs one of `release`. */
  take (id: string, definition: TaskDefinition<unknown, unknown>): KeptTask
  /** Returns whether it was the last generation. */
  release (id: string): boolean
}

/** All tasks run in this thread. */
export class TasksHere implements TaskPlace {
  readonly #tasks = new Shelf<KeptTask>()

  get size (): number {
    return this.#tasks.size
  }

  take (id: string): KeptTask {
    return this.#tasks.take(id, () => new SharedTask())
  }

  release (id: string): boolean {
    return this.#tasks.release(id)
  }
}
