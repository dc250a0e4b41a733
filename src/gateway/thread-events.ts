/**
 * The events of a gateway with several threads. Each thread writes the log lines of what it emits. The control thread numbers all events,
 * keeps them and calls the subscribers; the data threads have copies of those that are kept.
 */

import type { EventFact, GatewayEvent } from '../contract/events.ts'
import type { Link, LinksToThreads } from '../contract/link.ts'
import { type Events, type EventStream, type EventStreamOptions, safeCopy } from './event-stream.ts'
import { RecentEvents } from './recent-events.ts'

/** From a data thread: an event that it emits. To it: one that is kept. Asked by it: those that are kept. */
const channels = { emitted: 'event', kept: 'event-kept', recent: 'events' } as const

/** In the control thread: takes the events of the data threads into the stream, and answers what is kept. */
export function takeEventsOf (threads: LinksToThreads, stream: EventStream): void {
  threads.on(channels.emitted, (fact: EventFact, thread) => { stream.add(fact, { thread }) })
  threads.answer(channels.recent, () => stream.recent())
}

/** In the control thread: tells the data threads an event that is kept. */
export function tellThreads (threads: LinksToThreads, event: GatewayEvent): void {
  threads.send(channels.kept, event)
}

/** The events as a data thread has them. */
export class ThreadEvents implements Events {
  readonly #control: Link
  readonly #options: Pick<EventStreamOptions, 'log' | 'failed'>
  readonly #recent = new RecentEvents()
  redact: (text: string) => string = text => text

  constructor (control: Link, options: Pick<EventStreamOptions, 'log' | 'failed'>) {
    this.#control = control
    this.#options = options
    control.on(channels.kept, (event: GatewayEvent) => { this.#recent.add(event) })
    // Where the control thread has gone, nothing else works either.
    void control.ask(channels.recent, undefined).then(events => this.#replace(events as GatewayEvent[]), () => {})
  }

  emit (fact: EventFact, cause?: unknown, redact = this.redact): void {
    try {
      this.#options.log(fact, cause)
    } catch (error) {
      this.#options.failed(error)
    }
    this.#control.send(channels.emitted, safeCopy(fact, cause, redact))
  }

  /** An event is heard once in a gateway, not once in each thread. */
  subscribe (): () => void {
    return () => {}
  }

  recent (): readonly GatewayEvent[] {
    return this.#recent.all()
  }

  /** Those that came before are among them, because messages keep their order. */
  #replace (events: readonly GatewayEvent[]): void {
    this.#recent.clear()
    for (const event of events) this.#recent.add(event)
  }
}
