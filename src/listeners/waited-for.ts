/** Clients that read nothing while other requests wait for their connection to the target. */

import type { Exchange } from '../contract/exchange.ts'

/** How long such a client is waited for, in milliseconds. */
export const patience = 2000

/** Whether all connections of this thread to the target of an exchange are in use, one of them by the exchange. */
export function isWaitedFor (exchange: Exchange | undefined): boolean {
  const attempt = exchange?.attempt
  if (attempt === undefined || attempt.outcome !== undefined) return false
  const { load, transport } = attempt.target
  return transport !== undefined && load.here >= transport.capacity
}
