/** The latest events of a gateway, in a ring of fixed size. */

import type { GatewayEvent } from '../contract/events.ts'

/** Most events that are kept. */
const usualCapacity = 1000

export class RecentEvents {
  readonly #capacity: number
  readonly #ring: GatewayEvent[] = []
  /** Where the oldest one is. */
  #start = 0

  constructor (capacity = usualCapacity) {
    this.#capacity = capacity
  }

  add (event: GatewayEvent): void {
    if (this.#ring.length < this.#capacity) this.#ring.push(event)
    else {
      this.#ring[this.#start] = event
      this.#start = (this.#start + 1) % this.#capacity
    }
  }

  /** The oldest first. */
  all (): readonly GatewayEvent[] {
    return [...this.#ring.slice(this.#start), ...this.#ring.slice(0, this.#start)]
  }

  clear (): void {
    this.#ring.length = 0
    this.#start = 0
  }
}
