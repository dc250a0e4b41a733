/** The HTTP client of reply-from. Each request that it sends becomes an attempt loop. */

import type { Clock, Random } from '../contract/clock.ts'
import { replyFromClient } from '../internals/reply-from-exchange.ts'
import { AttemptLoop, type InterimCallback } from './attempt-loop.ts'

/** The option `undici` of reply-from. */
export function createClient (clock: Clock, random: Random, interim: InterimCallback): ReturnType<typeof replyFromClient> {
  const context = { clock, random, interim }
  return replyFromClient((exchange, callback) => new AttemptLoop(exchange, context, callback).start())
}
