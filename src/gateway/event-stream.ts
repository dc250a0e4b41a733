/** The stream of events of a gateway: keeps the latest ones, hands each to the log and to its subscribers. Outlives every generation. */

import { inspect } from 'node:util'
import type { EventFact, EventListener, GatewayEvent } from '../contract/events.ts'
import { boundedCopy } from './event-copy.ts'
import { RecentEvents } from './recent-events.ts'

/** Most subscribers. */
export const mostSubscribers = 64

/** The events of a gateway, as each of its threads has them. */
export interface Events {
  /** Takes the secrets of the configuration that serves out of a text. */
  redact: (text: string) => string
  /** Adds an event. `redact` takes out the secrets of the configuration that it comes from. Never throws. */
  emit (fact: EventFact, cause?: unknown, redact?: (text: string) => string): void
  /**
   * Calls `listener` for every event from now on, until the returned function is called. In a data thread it is never called.
   * @throws Error when there are too many
   */
  subscribe (listener: EventListener): () => void
  /** The events that are kept, the oldest first. */
  recent (): readonly GatewayEvent[]
}

export interface EventStreamOptions {
  /** Milliseconds since 1970. */
  readonly wall: () => number
  /** Number of the configuration that serves. */
  readonly generation: () => number
  /** Writes the log line of an event; gets it before secrets are taken out. */
  readonly log: (fact: EventFact, cause: unknown) => void
  /** Is told what a subscriber throws. */
  readonly failed: (error: unknown) => void
  /** Is told of every event that is kept. */
  readonly kept?: (event: GatewayEvent) => void
  /** Most events that are kept. */
  readonly capacity?: number
}

interface Subscription {
  readonly listener: EventListener
  running: boolean
}

export class EventStream implements Events {
  readonly #options: EventStreamOptions
  readonly #recent: RecentEvents
  readonly #subscriptions = new Set<Subscription>()
  #number = 0
  redact: (text: string) => string = text => text

  constructor (options: EventStreamOptions) {
    this.#options = options
    this.#recent = new RecentEvents(options.capacity)
  }

  emit (fact: EventFact, cause?: unknown, redact = this.redact): void {
    this.#guard(() => this.#options.log(fact, cause))
    this.add(safeCopy(fact, cause, redact))
  }

  /** Adds an event that has its log line and contains no secrets. @param by what else its stamp says */
  add (fact: EventFact, by: { readonly thread?: number } = {}): void {
    const { wall, generation } = this.#options
    const stamp = { number: ++this.#number, time: wall(), generation: generation(), ...by }
    const event: GatewayEvent = { ...fact, ...stamp }
    this.#recent.add(event)
    this.#options.kept?.(event)
    for (const subscription of this.#subscriptions) this.#deliver(subscription, event)
  }

  subscribe (listener: EventListener): () => void {
    if (this.#subscriptions.size >= mostSubscribers) throw new Error(`the stream of events has ${mostSubscribers} subscribers already`)
    const subscription = { listener, running: false }
    this.#subscriptions.add(subscription)
    return () => { this.#subscriptions.delete(subscription) }
  }

  recent (): readonly GatewayEvent[] {
    return this.#recent.all()
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

/** What is kept and delivered of an event: plain data, with the message of the error behind it, without secrets. */
export function safeCopy (fact: EventFact, cause: unknown, redact: (text: string) => string): EventFact {
  const error = cause === undefined ? {} : { error: cause instanceof Error ? cause.message : inspect(cause) }
  return { ...boundedCopy({ ...fact, ...error }, redact) as EventFact, type: fact.type } as EventFact
}
