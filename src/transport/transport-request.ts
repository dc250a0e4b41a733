/** The request of one attempt, as its transport sends it. */

import type { Exchange } from '../contract/exchange.ts'
import type { Attempt } from '../contract/target.ts'
import type { TransportRequest } from '../contract/transport.ts'
import { attemptFields } from './attempt-fields.ts'

/**
 * @param left milliseconds until the exchange must have its response; Infinity where there is no deadline
 * @throws the error of a plugin that writes fields
 */
export function transportRequest (exchange: Exchange, attempt: Attempt, body: TransportRequest['body'], left: number): TransportRequest {
  const { target } = attempt
  const { method, path, hostPreserved } = exchange.outgoing!
  return {
    method,
    path: target.basePath === '' ? path : target.basePath + path,
    headers: attemptFields(exchange, attempt, left),
    body,
    serverName: hostPreserved ? target.serverName : undefined,
    tunnel: exchange.isTunnel
  }
}
