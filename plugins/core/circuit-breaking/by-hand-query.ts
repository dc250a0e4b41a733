/** `?upstream=NAME&target=URL&state=open&for=10m&reason=TEXT`: which breaker is set to what, for how long and why. */

import { GatewayError } from '../../../src/index.ts'
import { parseDuration } from '../../../src/config/index.ts'

/** What was asked for. */
export interface BreakerQuery {
  readonly upstream: string
  readonly target: string
  readonly state: 'open' | 'closed'
  /** For how long it is open, in milliseconds. */
  readonly duration: number
  readonly reason: string | undefined
}

/** How long a breaker is open where that is not said, and at most. */
const usualTime = 600_000
const longestTime = 86_400_000
/** The most characters of a reason. */
const longestReason = 200

/** @throws GatewayError `bad-request` */
export function readBreakerQuery (query: unknown): BreakerQuery {
  const { upstream, target, state, for: time, reason } = query as Readonly<Record<string, unknown>>
  if (typeof upstream !== 'string' || typeof target !== 'string') {
    throw badRequest('say which one: ?upstream=NAME&target=URL, as GET /upstreams shows them')
  }
  if (state !== 'open' && state !== 'closed') throw badRequest('`state` must be open or closed')
  if (state === 'closed' && time !== undefined) throw badRequest('`for` says how long a breaker is open; closed has no time')
  const duration = time === undefined ? usualTime : typeof time === 'string' ? parseDuration(time) : undefined
  if (duration === undefined || duration <= 0 || duration > longestTime) {
    throw badRequest('`for` must be a duration such as 10m, at most 24h')
  }
  if (reason !== undefined && typeof reason !== 'string') throw badRequest('`reason` must be one text')
  if (reason !== undefined && reason.length > longestReason) throw badRequest(`\`reason\` may have ${longestReason} characters`)
  return { upstream, target, state, duration, reason: reason === '' ? undefined : reason }
}

function badRequest (detail: string): GatewayError {
  return new GatewayError('bad-request', { detail })
}
