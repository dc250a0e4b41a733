/** Builds the request header fields of one attempt: those of the exchange, plus those that differ from attempt to attempt. */

import type { Attempt } from '../contract/target.ts'
import type { Exchange } from '../contract/exchange.ts'
import { writeDeadline } from './grpc-call.ts'

/** Times in monotonic milliseconds; Infinity for none. */
export interface TimesLeft {
  /** When the exchange must have its response. */
  readonly deadline: number
  /** When the exchange must be over. */
  readonly endsAt: number
}

/** Returns the request header fields of an attempt, `[name, value, …]`. */
export function attemptFields (exchange: Exchange, attempt: Attempt, { deadline, endsAt }: TimesLeft, now: number): string[] {
  const { config, fieldWriters } = exchange.upstream!
  const { header } = config.timeouts
  const { headers, withheld } = exchange.outgoing!
  const fields = headers.slice()
  if (header !== undefined && deadline !== Infinity) fields.push(header, String(Math.max(1, Math.floor(deadline - now))))
  if (endsAt !== Infinity && exchange.grpc !== undefined) writeDeadline(fields, endsAt - now)
  for (const write of fieldWriters) write(exchange, attempt, fields)
  if (withheld !== undefined) removeFields(fields, withheld, headers.length)
  return fields
}

/** Removes the fields with these names, in lower case, from a list `[name, value, …]`, beginning at index `from`. */
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
