/** The generations of a gateway: the current one, and those that took their last request but are not done with it. */

import type { Generation } from './generation.ts'

export class Succession {
  #current: Generation
  readonly #retiring = new Map<Generation, Promise<void>>()

  constructor (first: Generation) {
    this.#current = first
  }

  get current (): Generation {
    return this.#current
  }

  /** From the next request on `next` serves; the old one gets the time of its own configuration to finish, then it is closed. */
  succeed (next: Generation): void {
    const old = this.#current
    this.#current = next
    const retired = old.drained(old.loaded.config.server.shutdown.timeout)
      .then(async () => await old.close())
      .finally(() => this.#retiring.delete(old))
    this.#retiring.set(old, retired)
  }

  /** Requests in flight in all of them. */
  get inFlight (): number {
    return this.#all().reduce((sum, { inFlight }) => sum + inFlight, 0)
  }

  /** Tells clients whose answers have not begun that their connections end, and waits for all requests for up to `timeout` milliseconds. */
  async drain (timeout: number): Promise<void> {
    const all = this.#all()
    for (const generation of all) generation.endConnections()
    await Promise.all(all.map(async generation => await generation.drained(timeout)))
  }

  async close (): Promise<void> {
    await this.#current.close()
    await Promise.all(this.#retiring.values())
  }

  #all (): Generation[] {
    return [...this.#retiring.keys(), this.#current]
  }
}
