/** The fields that one attempt sends: those of its exchange, and what is different for every attempt. */

import type { Attempt } from './attempt.ts'
import type { Exchange } from './exchange.ts'

/**
 * The fields of an attempt, `[name, value, …]`.
 * @param left milliseconds until the exchange must be answered; Infinity where there is no end
 */
export function attemptFields (exchange: Exchange, attempt: Attempt, left: number): string[] {
  const { config, fieldWriters } = exchange.upstream!
  const { header } = config.timeouts
  const fields = exchange.outgoing!.headers.slice()
  if (header !== undefined && left !== Infinity) fields.push(header, String(Math.max(1, Math.floor(left))))
  for (const write of fieldWriters) write(exchange, attempt, fields)
  return fields
}
