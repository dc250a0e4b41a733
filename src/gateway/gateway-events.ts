/** Creates the stream of events of a gateway. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock } from '../contract/clock.ts'
import type { Loaded } from '../config/load.ts'
import { redacting } from '../logging/log-redaction.ts'
import { logEvent } from './event-log.ts'
import { EventStream } from './event-stream.ts'

/** What the stream needs of its gateway. */
export interface GatewayEventsOptions {
  readonly logger: FastifyBaseLogger
  /** The configuration of the start. */
  readonly first: Loaded
  readonly clock: Clock
  readonly generation: () => number
  /** The log of the generation that serves; undefined before the first one. */
  readonly current: () => FastifyBaseLogger | undefined
}

/** The log is that of the generation that serves; before the first one, what will be that of the first. */
export function createEvents ({ logger, first, clock, generation, current }: GatewayEventsOptions): EventStream {
  const log = redacting(logger, first.config.logging.redact)
  return new EventStream({
    wall: () => clock.wall(),
    generation,
    log: (fact, cause) => logEvent(current() ?? log, fact, cause),
    failed: error => logger.error({ err: error }, 'a listener of events failed')
  })
}
