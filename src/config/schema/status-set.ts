/** Sets of response statuses, each written as `503` or as a class such as `5xx`. */

import Type, { type Static } from '#typebox'
import { Enum } from './units.ts'

/** One entry of a list of statuses. */
export const StatusSchema = Type.Union([
  Type.Integer({ minimum: 100, maximum: 599 }),
  Enum(['1xx', '2xx', '3xx', '4xx', '5xx'])
], { expected: 'a status from 100 to 599 or a class such as 5xx' })

/** Compiles a list of statuses to a test for a status, which costs one array access. */
export function statusSet (entries: readonly Static<typeof StatusSchema>[]): (status: number) => boolean {
  const member = new Uint8Array(600)
  for (const entry of entries) {
    if (typeof entry === 'number') member[entry] = 1
    else member.fill(1, Number(entry[0]) * 100, Number(entry[0]) * 100 + 100)
  }
  return status => member[status] === 1
}
