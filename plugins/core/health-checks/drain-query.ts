/** `?target=URL&for=10m&reason=TEXT&force=true`: what is drained, for how long and why. */

import { GatewayError } from '../../../src/index.ts'
import { parseDuration } from '../../../src/config/index.ts'

/** What was asked for. */
export interface DrainQuery {
  readonly target: string
  /** Milliseconds; Infinity until the target is undrained. */
  readonly duration: number
  readonly reason: string | undefined
  /** Whether the last open target may be drained. */
  readonly force: boolean
}

/** The most characters of a reason. */
const longestReason = 200

/** @throws GatewayError `bad-request` */
export function readDrainQuery (query: unknown): DrainQuery {
  const { target, for: time, reason, force } = query as Readonly<Record<string, unknown>>
  if (typeof target !== 'string') throw badRequest('say which one: ?target=URL, as GET /upstreams shows it')
  const duration = time === undefined ? Infinity : typeof time === 'string' ? parseDuration(time) : undefined
  if (duration === undefined || duration <= 0) throw badRequest('`for` must be a duration such as 10m')
  if (reason !== undefined && typeof reason !== 'string') throw badRequest('`reason` must be one text')
  if (reason !== undefined && reason.length > longestReason) throw badRequest(`\`reason\` may have ${longestReason} characters`)
  return { target, duration, reason: reason === '' ? undefined : reason, force: force === 'true' || force === '' }
}

function badRequest (detail: string): GatewayError {
  return new GatewayError('bad-request', { detail })
}
