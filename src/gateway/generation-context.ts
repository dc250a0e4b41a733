/** What every generation of a gateway is built with. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock, Random } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { Holdings } from '../state/holdings.ts'
import type { Threads } from '../contract/threads.ts'
import type { Events } from './event-stream.ts'

export interface GenerationContext {
  readonly holdings: Holdings
  readonly logger: FastifyBaseLogger
  readonly clock: Clock
  readonly random: Random
  readonly control: GatewayControl
  /** Without it events have no listeners. */
  readonly events?: Events
  /** The thread that it is built in; by default the only one. */
  readonly threads?: Threads
  readonly env: Readonly<Record<string, string | undefined>>
}
