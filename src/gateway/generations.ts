/** The generations of a gateway: the current one, and earlier ones that still have requests in flight. */

import { drain } from './draining.ts'
import type { Generation } from './generation.ts'

export class Generations {
  #current: Generation
  readonly #retiring = new Map<Generation, Promise<void>>()

  constructor (first: Generation) {
    this.#current = first
    first.host.events.serve()
  }

  get current (): Generation {
    return this.#current
  }

  /** Makes `next` serve from the next request on. The old one is drained, with the timeout of its own configuration, and closed. */
  succeed (next: Generation): void {
    const old = this.#current
    this.#current = next
    old.host.events.end()
    next.host.events.serve()
    const retired = drain(old, old.loaded.config.server.shutdown.timeout)
      .then(async cut => {
        if (cut > 0) old.host.events.emit({ type: 'old-requests-cut', cut })
        await old.close()
      })
      .finally(() => this.#retiring.delete(old))
    this.#retiring.set(old, retired)
  }

  /** The number of requests in flight in all of them. */
  get inFlight (): number {
    return this.#all().reduce((sum, { inFlight }) => sum + inFlight, 0)
  }

  /** Adds `connection: close` to responses that have not begun. */
  endConnections (): void {
    for (const generation of this.#all()) generation.endConnections()
  }

  /** Resolves when no request is in flight in any of them. */
  async drained (): Promise<void> {
    await Promise.all(this.#all().map(async generation => await generation.drained()))
  }

  /** Cuts the requests in flight in all of them, and returns how many they were. */
  cut (): number {
    return this.#all().reduce((sum, generation) => sum + generation.cut(), 0)
  }

  async close (): Promise<void> {
    await this.#current.close()
    await Promise.all(this.#retiring.values())
  }

  #all (): Generation[] {
    return [...this.#retiring.keys(), this.#current]
  }
}
