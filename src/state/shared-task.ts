/** A task of one gateway: started for its first holder, heard by its newest one. */

import type { RunningTask, Stop, TaskDefinition } from '../contract/task.ts'
import { TaskListeners } from './task-listeners.ts'
import type { KeptTask } from './task-place.ts'

export class SharedTask implements KeptTask {
  readonly #listeners = new TaskListeners()
  readonly #learned: (message: unknown) => void
  #running: RunningTask<unknown> | undefined
  #stopped = false
  /** What was published last. */
  #last: { readonly message: unknown } | undefined

  /** @param learned called with every message that holders learn, before they do */
  constructor (learned: (message: unknown) => void = () => {}) {
    this.#learned = learned
  }

  /** Starts it, unless it runs. Returns what ends this holder's part: nothing is heard afterwards. */
  join ({ start, hear, learn }: TaskDefinition<unknown, unknown>): () => void {
    const leave = this.#listeners.add({ hear, learn })
    try {
      if (this.#running === undefined) this.#running = runningOf(start(this.#publish))
      else if (this.#last !== undefined) learn?.(this.#last.message)
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  readonly ask = async (question: unknown): Promise<void> => {
    if (!this.#stopped) await this.#running?.answer(question)
  }

  /** Stops it, if it runs. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#running?.stop()
  }

  /** A closure of `join` would keep the first holder's listener alive as long as the task. */
  readonly #publish = (message: unknown): void => {
    if (this.#stopped) return
    this.#last = { message }
    if (this.#listeners.learning) this.#learned(message)
    this.#listeners.hear(message)
    this.#listeners.learn(message)
  }
}

function runningOf (started: Stop | RunningTask<unknown>): RunningTask<unknown> {
  return typeof started === 'function' ? { stop: started, answer () {} } : started
}
