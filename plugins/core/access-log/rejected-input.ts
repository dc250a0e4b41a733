/**
 * Writes the line of input that was rejected before it became a request. The lines per second are limited,
 * because any client can cause them.
 */

import type { Config, RejectedInput } from '../../../src/index.ts'
import { combinedUnread } from './combined-line.ts'
import { LineLimit } from './line-limit.ts'
import { quote } from './quote.ts'

/** Most lines a second. */
const most = 10

/** Returns the function that writes the line, or undefined when there were too many of them. */
export function compileUnread (format: Config['accessLog']['format']): (
  unread: RejectedInput,
  now: number,
  wall: number
) => string | undefined {
  const limit = new LineLimit(most)
  return ({ reason, peer, why }, now, wall) => {
    const omitted = limit.take(now)
    if (omitted === undefined) return undefined
    if (format === 'combined') return combinedUnread(peer, reason.status, wall)
    const cause = why === undefined ? '' : `,"why":${quote(why)}`
    const lines = omitted === 0 ? '' : `,"omitted":${omitted}`
    return `{"level":"info","time":${wall},"status":${reason.status},"code":${quote(reason.code)},"fault":${quote(reason.fault)}${cause},` +
      `"clientIp":${quote(peer)}${lines},"msg":"request refused unread"}\n`
  }
}
