/** The fields that tell a client how much of a limit is left. */

import type { RateValue } from '../../src/config/units.ts'
import type { BucketRules, Taken } from './token-bucket.ts'

/** Which fields: those of draft-ietf-httpapi-ratelimit-headers, the older `x-ratelimit-*`, or none. */
export const quotaStyles = ['draft', 'x-ratelimit', 'none'] as const

export type QuotaStyle = typeof quotaStyles[number]

/** The part of a Fastify reply that is needed. */
export interface FieldTarget {
  getHeader (name: string): string | number | string[] | undefined
  header (name: string, value: string): unknown
}

/** Writes the fields of one answer. */
export type WriteQuota = (reply: FieldTarget, taken: Taken) => void

/**
 * Compiles the writer of a policy.
 *
 * `draft`: `ratelimit-policy: "per-client";q=5;w=1` (5 in 1 second) and `ratelimit: "per-client";r=3;t=1` (3 left, all of them again in 1 second).
 * Several policies on one route make a list, as RFC 9651 §3.1 has it. A window that is not whole seconds is told by the next longer one that is.
 *
 * `x-ratelimit`: `-limit` is the most there can be at once, `-remaining` what is left, `-reset` the seconds until all are there again.
 * Of several policies the one with the least left is told.
 */
export function compileQuota (style: QuotaStyle, policy: string, rate: RateValue, rules: BucketRules): WriteQuota {
  if (style === 'none') return () => {}
  if (style === 'x-ratelimit') return xRateLimit(String(rules.capacity))
  const name = quoted(policy)
  const window = Math.ceil(rate.window / 1000)
  const promise = `${name};q=${Math.floor(rate.limit * window * 1000 / rate.window)};w=${window}`
  return (reply, taken) => {
    append(reply, 'ratelimit-policy', promise)
    append(reply, 'ratelimit', `${name};r=${taken.remaining};t=${seconds(taken.fullAfter)}`)
  }
}

/** Whole seconds, rounded up, at least 1: a client that waits as long as it was told must find that it is time. */
export function seconds (ms: number): number {
  // A microsecond is what rounding may have added, not what the client has to wait for.
  return Math.max(1, Math.ceil((ms - 1e-3) / 1000))
}

function xRateLimit (limit: string): WriteQuota {
  return (reply, taken) => {
    const told = reply.getHeader('x-ratelimit-remaining')
    if (told !== undefined && Number(told) < taken.remaining) return
    reply.header('x-ratelimit-limit', limit)
    reply.header('x-ratelimit-remaining', String(taken.remaining))
    reply.header('x-ratelimit-reset', String(seconds(taken.fullAfter)))
  }
}

function append (reply: FieldTarget, name: string, member: string): void {
  const before = reply.getHeader(name)
  reply.header(name, before === undefined ? member : `${[before].flat().join(', ')}, ${member}`)
}

/** An sf-string (RFC 9651 §3.3.3). It has only ASCII, so the rest is percent-encoded. */
function quoted (text: string): string {
  const ascii = text.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent)
  return `"${ascii.replace(/["\\]/g, '\\$&')}"`
}
