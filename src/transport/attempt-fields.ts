/** The fields that one attempt sends: those of its exchange, and what is different for every attempt. */

import type { Attempt } from '../contract/target.ts'
import type { Exchange } from '../contract/exchange.ts'

/**
 * The fields of an attempt, `[name, value, …]`.
 * @param left milliseconds until the exchange must be answered; Infinity where there is no end
 */
export function attemptFields (exchange: Exchange, attempt: Attempt, left: number): string[] {
  const { config, fieldWriters } = exchange.upstream!
  const { header } = config.timeouts
  const { headers, withheld } = exchange.outgoing!
  const fields = headers.slice()
  if (header !== undefined && left !== Infinity) fields.push(header, String(Math.max(1, Math.floor(left))))
  for (const write of fieldWriters) write(exchange, attempt, fields)
  if (withheld !== undefined) removeFields(fields, withheld, headers.length)
  return fields
}

/** Takes the fields of these names, in lower case, out of a list `[name, value, …]` from a place on. */
export function removeFields (fields: string[], names: ReadonlySet<string>, from: number): void {
  let kept = from
  for (let i = from; i < fields.length; i += 2) {
    if (names.has(fields[i]!.toLowerCase())) continue
    fields[kept] = fields[i]!
    fields[kept + 1] = fields[i + 1]!
    kept += 2
  }
  fields.length = kept
}
