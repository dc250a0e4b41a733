/** The request of one attempt, as its transport sends it. */

import type { Exchange } from '../contract/exchange.ts'
import type { Attempt } from '../contract/target.ts'
import type { TransportRequest } from '../contract/transport.ts'
import { attemptFields, type TimesLeft } from './attempt-fields.ts'

/** @throws the error of a plugin that writes fields */
export function transportRequest (
  exchange: Exchange,
  attempt: Attempt,
  body: TransportRequest['body'],
  limits: TimesLeft,
  now: number
): TransportRequest {
  const { target } = attempt
  const { method, path, hostPreserved } = exchange.outgoing!
  return {
    method,
    path: target.basePath === '' ? path : target.basePath + path,
    headers: attemptFields(exchange, attempt, limits, now),
    body,
    serverName: hostPreserved ? target.serverName : undefined,
    tunnel: exchange.isTunnel
  }
}
