/** Turns for work that is dear: few at one time, a bounded number waiting, and not all of them for one client. */

export interface TurnLimits {
  /** Most at one time. */
  readonly atOnce: number
  /** Most that wait. */
  readonly waiting: number
  /** Most of one client, at work and waiting. */
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

  /** Does work when its turn comes; undefined, at once, where there is no turn to be had. */
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
      // A turn goes from hand to hand, so that nobody slips in before those who wait.
      const next = this.#queue.shift()
      if (next === undefined) this.#atWork--
      else next.start()
    }
  }
}
