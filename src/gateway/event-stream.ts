/** The stream of events of a gateway: keeps the latest ones, hands each to the log and to its subscribers. Outlives every generation. */

import { inspect } from 'node:util'
import type { EventFact, EventListener, GatewayEvent } from '../contract/events.ts'
import { boundedCopy } from './event-copy.ts'

/** Most events that are kept, and most subscribers. */
const usualCapacity = 1000
export const mostSubscribers = 64

export interface EventStreamOptions {
  /** Milliseconds since 1970. */
  readonly wall: () => number
  /** Number of the configuration that serves. */
  readonly generation: () => number
  /** Writes the log line of an event; gets it before secrets are taken out. */
  readonly log: (fact: EventFact, cause: unknown) => void
  /** Is told what a subscriber throws. */
  readonly failed: (error: unknown) => void
  /** Most events that are kept. */
  readonly capacity?: number
}

interface Subscription {
  readonly listener: EventListener
  running: boolean
}

export class EventStream {
  readonly #options: EventStreamOptions
  readonly #capacity: number
  readonly #ring: GatewayEvent[] = []
  readonly #subscriptions = new Set<Subscription>()
  #number = 0
  /** Takes the secrets of the configuration that serves out of a text. */
  redact: (text: string) => string = text => text

  constructor (options: EventStreamOptions) {
    this.#options = options
    this.#capacity = options.capacity ?? usualCapacity
  }

  /** Adds an event. `redact` takes out the secrets of the configuration that it comes from. Never throws. */
  emit (fact: EventFact, cause?: unknown, redact = this.redact): void {
    this.#guard(() => this.#options.log(fact, cause))
    const { wall, generation } = this.#options
    const error = cause === undefined ? {} : { error: cause instanceof Error ? cause.message : inspect(cause) }
    const fields = boundedCopy({ ...fact, ...error }, redact) as EventFact
    const event = { ...fields, type: fact.type, number: ++this.#number, time: wall(), generation: generation() } as GatewayEvent
    const { length } = this.#ring
    if (length < this.#capacity) this.#ring.push(event)
    else this.#ring[(event.number - 1) % this.#capacity] = event
    for (const subscription of this.#subscriptions) this.#deliver(subscription, event)
  }

  /** Calls `listener` for every event from now on, until the returned function is called. @throws Error when there are too many */
  subscribe (listener: EventListener): () => void {
    if (this.#subscriptions.size >= mostSubscribers) throw new Error(`the stream of events has ${mostSubscribers} subscribers already`)
    const subscription = { listener, running: false }
    this.#subscriptions.add(subscription)
    return () => { this.#subscriptions.delete(subscription) }
  }

  /** The events that are kept, the oldest first. */
  recent (): readonly GatewayEvent[] {
    const start = this.#ring.length < this.#capacity ? 0 : this.#number % this.#capacity
    return [...this.#ring.slice(start), ...this.#ring.slice(0, start)]
  }

  /** A subscriber that emits is not called for it, so that no event can go round in circles. */
  #deliver (subscription: Subscription, event: GatewayEvent): void {
    if (subscription.running) return
    subscription.running = true
    this.#guard(() => subscription.listener(event))
    subscription.running = false
  }

  #guard (call: () => void): void {
    try {
      call()
    } catch (error) {
      this.#options.failed(error)
    }
  }
}
