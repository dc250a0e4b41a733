/** The generations of a gateway: the current one, and earlier ones that still have requests in flight. */

import { drain } from './draining.ts'
import type { Generation } from './generation.ts'

/** The most earlier generations that are kept for what lasts. Beyond it all that the oldest one still serves is ended. */
const mostRetiring = 32

function tellOfCut ({ host }: Generation, cut: number): void {
  if (cut > 0) host.events.emit({ type: 'old-requests-cut', cut })
}

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

  /**
   * Makes `next` serve from the next request on. The old one is drained, with the timeout of its own configuration, and closed. WebSockets,
   * event streams and calls of gRPC have more time: until they end, or {@link mostRetiring} is exceeded.
   */
  succeed (next: Generation): void {
    const old = this.#current
    this.#current = next
    old.host.events.end()
    next.host.events.serve()
    const requests = { drained: async () => await old.drained(), cut: () => old.cutRequests() }
    const retired = drain(requests, old.loaded.config.server.shutdown.timeout)
      .then(async cut => {
        tellOfCut(old, cut)
        await old.drained()
        await old.tunnels.ended()
        await old.close()
      })
      .finally(() => this.#retiring.delete(old))
    this.#retiring.set(old, retired)
    const [oldest] = this.#retiring.keys()
    if (this.#retiring.size <= mostRetiring) return
    tellOfCut(oldest!, oldest!.cut())
    oldest!.tunnels.close()
  }

  /** The number of requests in flight in all of them. */
  get inFlight (): number {
    return this.#all().reduce((sum, { inFlight }) => sum + inFlight, 0)
  }

  /** The number of open WebSockets in all of them. */
  get tunnels (): number {
    return this.#all().reduce((sum, { tunnels }) => sum + tunnels.size, 0)
  }

  /** Adds `connection: close` to responses that have not begun, and tells both sides of each WebSocket to close. */
  endConnections (): void {
    for (const generation of this.#all()) {
      generation.endConnections()
      generation.tunnels.close()
    }
  }

  /** Resolves when no request is in flight and no WebSocket is open in any of them. */
  async drained (): Promise<void> {
    await Promise.all(this.#all().map(async generation => {
      await generation.drained()
      await generation.tunnels.ended()
    }))
  }

  /** Cuts the requests in flight and the WebSockets in all of them, and returns how many they were. */
  cut (): number {
    return this.#all().reduce((sum, generation) => sum + generation.cut() + generation.tunnels.cut(), 0)
  }

  async close (): Promise<void> {
    await this.#current.close()
    await Promise.all(this.#retiring.values())
  }

  #all (): Generation[] {
    return [...this.#retiring.keys(), this.#current]
  }
}
