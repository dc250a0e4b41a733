/** All that a gateway keeps from one generation to the next: state, tables, resources and tasks. */

import { CellMemory, type CreateBuffer } from './cells.ts'
import { LiveHolder, type Shelves } from './live-holder.ts'
import { RehearsalHolder } from './rehearsal-holder.ts'
import { Shelf } from './shelf.ts'

export class Holdings {
  readonly #shelves: Shelves

  /** @param createBuffer the memory of state; by default of this thread alone */
  constructor (createBuffer?: CreateBuffer) {
    this.#shelves = {
      memory: new CellMemory(createBuffer),
      states: new Shelf(),
      tables: new Shelf(),
      resources: new Shelf(),
      tasks: new Shelf()
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
    const { states, tables, resources, tasks } = this.#shelves
    return states.size + tables.size + resources.size + tasks.size
  }
}
