/** A task of one gateway: started for its first holder, heard by its newest one. */

import type { Stop, TaskDefinition } from '../contract/task.ts'

/** The part of a holder in a task. */
type Listener<M> = Pick<TaskDefinition<M>, 'hear'>

export class SharedTask<M> {
  /** Of all holders that started it, oldest first. */
  readonly #listeners: Listener<M>[] = []
  #stop: Stop | undefined
  #stopped = false
  /** A closure of `join` would keep the first holder's listener alive as long as the task. */
  readonly #publish = (message: M): void => { if (!this.#stopped) this.#listeners.at(-1)?.hear?.(message) }

  /** Starts it, unless it runs. Returns what ends this holder's part: nothing is heard afterwards. */
  join ({ start, hear }: Pick<TaskDefinition<M>, 'start' | 'hear'>): () => void {
    const listener: Listener<M> = hear === undefined ? {} : { hear }
    this.#listeners.push(listener)
    const leave = (): void => { this.#listeners.splice(this.#listeners.indexOf(listener), 1) }
    try {
      this.#stop ??= start(this.#publish)
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** Stops it, if it runs. */
  async stop (): Promise<void> {
    this.#stopped = true
    await this.#stop?.()
  }
}
