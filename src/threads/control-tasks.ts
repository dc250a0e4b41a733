/** The tasks of a gateway in its control thread: they run here, and all data threads learn what they find. */

import type { LinksToThreads } from '../contract/link.ts'
import type { TaskDefinition } from '../contract/task.ts'
import { SharedTask } from '../state/shared-task.ts'
import { Shelf } from '../state/shelf.ts'
import type { KeptTask, TaskPlace } from '../state/task-place.ts'
import { taskChannel, type TaskQuestion } from './task-channel.ts'

export class ControlTasks implements TaskPlace {
  readonly #links: LinksToThreads
  readonly #tasks = new Shelf<KeptTask>()
  /** What threads that join later have to learn, by task. */
  readonly #last = new Map<string, unknown>()

  constructor (links: LinksToThreads) {
    this.#links = links
    links.answer(taskChannel, async ({ id, question }: TaskQuestion) => await this.#tasks.find(id)?.ask(question))
    links.onJoined(link => {
      for (const [id, message] of this.#last) link.send(taskChannel, { id, message })
    })
  }

  get size (): number {
    return this.#tasks.size
  }

  take (id: string, { per }: TaskDefinition<unknown, unknown>): KeptTask {
    return this.#tasks.take(id, () => per === 'thread' ? new SharedTask() : new SharedTask(message => this.#learned(id, message)))
  }

  release (id: string): boolean {
    const last = this.#tasks.release(id)
    if (last && this.#last.delete(id)) this.#links.send(taskChannel, { id, ended: true })
    return last
  }

  #learned (id: string, message: unknown): void {
    // Sent first: what cannot be copied is an error of the task, which must not leave the threads with different messages.
    this.#links.send(taskChannel, { id, message })
    this.#last.set(id, message)
  }
}
