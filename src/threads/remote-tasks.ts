/** The tasks of a gateway in one of its data threads: they run in the control thread, and this one learns what they find. */

import type { Link } from '../contract/link.ts'
import type { TaskDefinition } from '../contract/task.ts'
import { SharedTask } from '../state/shared-task.ts'
import { Shelf } from '../state/shelf.ts'
import { TaskListeners } from '../state/task-listeners.ts'
import type { KeptTask, TaskPlace } from '../state/task-place.ts'
import { taskChannel, type TaskMessage } from './task-channel.ts'

export class RemoteTasks implements TaskPlace {
  readonly #link: Link
  readonly #tasks = new Shelf<KeptTask>()
  /** What the tasks that run in the control thread have published last. A generation here may begin before or after they do. */
  readonly #last = new Map<string, unknown>()

  constructor (link: Link) {
    this.#link = link
    link.on(taskChannel, (message: TaskMessage) => this.#receive(message))
  }

  get size (): number {
    return this.#tasks.size
  }

  take (id: string, { per }: TaskDefinition<unknown, unknown>): KeptTask {
    return this.#tasks.take(id, () => per === 'thread' ? new SharedTask() : new RemoteTask(id, this.#link, this.#last))
  }

  release (id: string): boolean {
    return this.#tasks.release(id)
  }

  #receive ({ id, message, ended }: TaskMessage): void {
    if (ended === true) {
      this.#last.delete(id)
      return
    }
    this.#last.set(id, message)
    const task = this.#tasks.find(id)
    if (task instanceof RemoteTask) task.learn(message)
  }
}

/** A task that runs in the control thread. */
class RemoteTask implements KeptTask {
  readonly #id: string
  readonly #link: Link
  readonly #last: ReadonlyMap<string, unknown>
  readonly #listeners = new TaskListeners()

  constructor (id: string, link: Link, last: ReadonlyMap<string, unknown>) {
    this.#id = id
    this.#link = link
    this.#last = last
  }

  join ({ learn }: TaskDefinition<unknown, unknown>): () => void {
    const leave = this.#listeners.add({ learn })
    try {
      if (this.#last.has(this.#id)) learn?.(this.#last.get(this.#id))
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** Resolves after what was published before the answer has been learned: messages arrive in the order in which they were sent. */
  readonly ask = async (question: unknown): Promise<void> => {
    try {
      await this.#link.ask(taskChannel, { id: this.#id, question })
    } catch (error) {
      if ((error as Error).name === 'DataCloneError') throw error
      // The control thread has gone, and all threads go with it.
    }
  }

  learn (message: unknown): void {
    this.#listeners.learn(message)
  }

  async stop (): Promise<void> {}
}
