/** All that a gateway keeps from one generation to the next: state, resources and tasks. */

import { LiveHolder, type Shelves } from './live-holder.ts'
import { LocalMemory } from './local-memory.ts'
import { RehearsalHolder } from './rehearsal-holder.ts'
import { Shelf } from './shelf.ts'
import type { StateMemory } from './state-memory.ts'
import { TasksHere, type TaskPlace } from './task-place.ts'

export class Holdings {
  readonly #shelves: Shelves

  /**
   * @param memory where state lies; by default in the memory of this thread alone
   * @param tasks where tasks run; by default in this thread
   */
  constructor (memory: StateMemory = new LocalMemory(), tasks: TaskPlace = new TasksHere()) {
    this.#shelves = {
      memory,
      tasks,
      cells: new Shelf(),
      tables: new Shelf(),
      locks: new Shelf(),
      count: new Shelf(),
      counts: new Shelf(),
      resources: new Shelf()
    }
  }

  /** Creates a holder for one generation. */
  hold (): LiveHolder {
    return new LiveHolder(this.#shelves)
  }

  /** Creates a holder for rehearsals. No change that they make is seen by another holder. */
  fork (): RehearsalHolder {
    return new RehearsalHolder(this.#shelves)
  }

  /** How many things are kept, for tests. */
  get size (): number {
    const { memory: _, tasks, ...shelves } = this.#shelves
    return tasks.size + Object.values(shelves).reduce((sum, { size }) => sum + size, 0)
  }
}
