/** The events of a data thread: the control thread numbers, logs and keeps them. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../contract/clock.ts'
import type { EventFact } from '../contract/events.ts'
import type { Link } from '../contract/link.ts'
import { EventStream } from '../gateway/event-stream.ts'

/** What is sent for each. */
export interface ThreadEvent {
  readonly fact: EventFact
  /** Message of the error behind it. */
  readonly error: string | undefined
}

export interface ThreadEventsOptions {
  readonly link: Link
  readonly clock: Clock
  readonly generation: () => number
  readonly logger: FastifyBaseLogger
}

export function threadEvents ({ link, clock, generation, logger }: ThreadEventsOptions): EventStream {
  return new EventStream({
    wall: () => clock.wall(),
    generation,
    log: (fact, cause) => link.send('event', { fact, error: cause instanceof Error ? cause.message : undefined } satisfies ThreadEvent),
    failed: error => logger.error({ err: error }, 'a listener of events failed')
  })
}
