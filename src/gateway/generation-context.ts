/** What every generation of a gateway is built with. */

import type { FastifyBaseLogger } from 'fastify'
import type { Clock, Random } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { Leases } from '../state/leases.ts'
import type { EventStream } from './event-stream.ts'

export interface GenerationContext {
  readonly leases: Leases
  readonly logger: FastifyBaseLogger
  readonly clock: Clock
  readonly random: Random
  readonly control: GatewayControl
  /** Without it nobody hears of events. */
  readonly events?: EventStream
  readonly env: Readonly<Record<string, string | undefined>>
}
