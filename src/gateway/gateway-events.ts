/** Creates the stream of events of a gateway, or what a thread has of it. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../contract/clock.ts'
import type { EventFact } from '../contract/events.ts'
import type { Loaded } from '../config/load.ts'
import { redacting } from '../logging/log-redaction.ts'
import { handLines } from '../logging/standard-output.ts'
import { alone, type Threads } from '../contract/threads.ts'
import { logEvent } from './event-log.ts'
import { type Events, EventStream } from './event-stream.ts'
import { takeEventsOf, tellThreads, ThreadEvents } from './thread-events.ts'

/** What the stream needs of its gateway. */
export interface GatewayEventsOptions {
  readonly logger: FastifyBaseLogger
  /** The configuration of the start. */
  readonly first: Loaded
  readonly clock: Clock
  readonly generation: () => number
  /** The log of the generation that serves; undefined before the first one. */
  readonly current: () => FastifyBaseLogger | undefined
  /** The thread that this is one of; by default the only one. */
  readonly threads?: Threads
}

/** The log is that of the generation that serves; before the first one, what will be that of the first. */
export function createEvents ({ logger, first, clock, generation, current, threads = alone }: GatewayEventsOptions): Events {
  const log = redacting(logger, first.config.logging.redact)
  const failed = (error: unknown): void => { logger.error({ err: error }, 'a listener of events failed') }
  const { toControl, toThreads, number } = threads
  if (toControl !== undefined) {
    const write = (fact: EventFact, cause: unknown): void => {
      logEvent(current() ?? log, fact, cause, { thread: number })
      // What subscribers log because of the event comes after it.
      handLines()
    }
    return new ThreadEvents(toControl, { log: write, failed })
  }
  const stream = new EventStream({
    wall: () => clock.wall(),
    generation,
    log: (fact, cause) => logEvent(current() ?? log, fact, cause),
    failed,
    ...toThreads === undefined ? {} : { kept: event => { tellThreads(toThreads, event) } }
  })
  if (toThreads !== undefined) takeEventsOf(toThreads, stream)
  return stream
}
