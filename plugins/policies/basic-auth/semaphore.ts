/** A semaphore for expensive work: limits how many tasks run, how many wait, and how many of them belong to one client. */

export interface TurnLimits {
  /** The most tasks that run at one time. */
  readonly atOnce: number
  /** The most tasks that wait. */
  readonly waiting: number
  /** The most tasks of one client, running and waiting. */
  readonly each: number
}

interface Waiting {
  readonly start: () => void
}

export class Semaphore {
  readonly #limits: TurnLimits
  readonly #queue: Waiting[] = []
  readonly #clients = new Map<string, number>()
  #atWork = 0

  constructor (limits: TurnLimits) {
    this.#limits = limits
  }

  get waiting (): number {
    return this.#queue.length
  }

  /** Runs the work as soon as a slot is free. Returns undefined at once where a limit is reached. */
  take<T> (client: string, work: () => Promise<T>): Promise<T> | undefined {
    const own = this.#clients.get(client) ?? 0
    const busy = this.#atWork >= this.#limits.atOnce
    if (own >= this.#limits.each || (busy && this.#queue.length >= this.#limits.waiting)) return undefined
    this.#clients.set(client, own + 1)
    return this.#do(client, work, busy)
  }

  async #do<T> (client: string, work: () => Promise<T>, busy: boolean): Promise<T> {
    if (busy) await new Promise<void>(resolve => { this.#queue.push({ start: resolve }) })
    else this.#atWork++
    try {
      return await work()
    } finally {
      const left = this.#clients.get(client)! - 1
      if (left === 0) this.#clients.delete(client)
      else this.#clients.set(client, left)
      // The slot is handed to the next waiting task, so that a new one cannot overtake it.
      const next = this.#queue.shift()
      if (next === undefined) this.#atWork--
      else next.start()
    }
  }
}
