/** The stream of events as one generation sees it: what its plugins emit, and their subscriptions while it serves. */

import type { EventFact, EventListener, GatewayEvent, GatewayEvents } from '../contract/events.ts'
import { type Events, mostSubscribers } from './event-stream.ts'

export class GenerationEvents implements GatewayEvents {
  readonly #stream: Events | undefined
  readonly #redact: ((text: string) => string) | undefined
  /** Listeners with what ends them: undefined until the generation serves. */
  readonly #listeners = new Map<object, { readonly listener: EventListener, end: (() => void) | undefined }>()
  #phase: 'building' | 'serving' | 'over' = 'building'

  /**
   * @param stream undefined in a rehearsal: then nothing is emitted and no listener is called
   * @param redact takes out the secrets of this generation's configuration
   */
  constructor (stream: Events | undefined, redact?: (text: string) => string) {
    this.#stream = stream
    this.#redact = redact
  }

  emit (fact: EventFact, cause?: unknown): void {
    this.#stream?.emit(fact, cause, this.#redact)
  }

  subscribe (listener: EventListener): () => void {
    if (this.#stream === undefined || this.#phase === 'over') return () => {}
    if (this.#listeners.size >= mostSubscribers) throw new Error(`a generation may have ${mostSubscribers} subscribers of events`)
    const key = {}
    this.#listeners.set(key, { listener, end: this.#phase === 'serving' ? this.#stream.subscribe(listener) : undefined })
    return () => {
      this.#listeners.get(key)?.end?.()
      this.#listeners.delete(key)
    }
  }

  recent (): readonly GatewayEvent[] {
    return this.#stream?.recent() ?? []
  }

  /** The generation serves from here on. */
  serve (): void {
    this.#phase = 'serving'
    for (const entry of this.#listeners.values()) entry.end = this.#stream!.subscribe(entry.listener)
  }

  /** Another one serves. What this one's requests and state emit still arrives. Nothing of its plugins is held any more. */
  end (): void {
    this.#phase = 'over'
    for (const { end } of this.#listeners.values()) end?.()
    this.#listeners.clear()
  }
}
