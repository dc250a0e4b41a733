/** A task of one gateway: started for its first holder, heard by its newest one. */

import type { RunningTask, Stop, TaskDefinition } from '../contract/task.ts'
import type { KeptTask } from './task-place.ts'

/** The part of a holder in a task. */
type Listener = Pick<TaskDefinition<unknown, unknown>, 'hear' | 'learn'>

export class SharedTask implements KeptTask {
  /** Of all holders that started it, oldest first. */
  readonly #listeners: Listener[] = []
  #running: RunningTask<unknown> | undefined
  #stopped = false
  /** What was published last. */
  #last: { readonly message: unknown } | undefined

  /** Starts it, unless it runs. Returns what ends this holder's part: nothing is heard afterwards. */
  join ({ start, hear, learn }: TaskDefinition<unknown, unknown>): () => void {
    const listener: Listener = { ...hear === undefined ? {} : { hear }, ...learn === undefined ? {} : { learn } }
    this.#listeners.push(listener)
    const leave = (): void => { this.#listeners.splice(this.#listeners.indexOf(listener), 1) }
    try {
      if (this.#running === undefined) this.#running = runningOf(start(this.#publish))
      else if (this.#last !== undefined) learn?.(this.#last.message)
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  async ask (question: unknown): Promise<void> {
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
    const newest = this.#listeners.at(-1)
    newest?.hear?.(message)
    newest?.learn?.(message)
  }
}

function runningOf (started: Stop | RunningTask<unknown>): RunningTask<unknown> {
  return typeof started === 'function' ? { stop: started, answer () {} } : started
}
