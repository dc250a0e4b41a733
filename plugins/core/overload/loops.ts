/** The event loops that serve clients: each thread has one, and sheds because of its own. */

import type { Threads } from '../../../src/index.ts'
import type { Rank } from './priority.ts'
import type { Shedding } from './shedding.ts'

export class Loops {
  /** By the number of the thread, as far as this thread has to know. */
  readonly all: ReadonlyMap<number, Shedding>
  /** That of this thread; undefined in the control thread, which serves no clients. */
  readonly own: Shedding | undefined

  /** @param create returns the shedding of a thread */
  constructor ({ role, number, count }: Threads, create: (thread: number) => Shedding) {
    const threads = role === 'control' ? Array.from({ length: count }, (_, index) => index + 1) : [number]
    this.all = new Map(threads.map(thread => [thread, create(thread)]))
    this.own = this.all.get(number)
  }

  /** Requests of a rank below it are shed: by this thread; in a rehearsal of the control thread by at least one. */
  get level (): Rank {
    return this.own === undefined ? this.#highest() : this.own.level
  }

  #highest (): Rank {
    let highest: Rank = 0
    for (const { level } of this.all.values()) if (level > highest) highest = level
    return highest
  }
}
