/** The HTTP client of reply-from. Each request that it sends becomes an attempt loop. */

import type { Clock, Random } from '../contract/clock.ts'
import { AttemptLoop, type InterimCallback } from './attempt-loop.ts'
import { exchangeKey, type HttpExchange } from '../exchange/exchange.ts'
import type { ClientCallback } from '../contract/transport.ts'

/** Creates the `{ request }` that is injected into reply-from. It finds the exchange at {@link exchangeKey} of the headers. */
export function createClient (clock: Clock, random: Random, interim: InterimCallback): { request (options: { headers: object }, callback: ClientCallback): void } {
  return {
    request (options, callback) {
      const exchange = (options.headers as { [exchangeKey]: HttpExchange })[exchangeKey]
      new AttemptLoop(exchange, clock, random, callback, interim).start()
    }
  }
}
