/** Response header fields that tell a client how much of its limit is left. */

import { formatRate, type RateValue } from '../../../src/config/index.ts'
import type { WindowVerdict } from './rule.ts'

/** Which header fields: those of draft-ietf-httpapi-ratelimit-headers, the older `x-ratelimit-*`, or none. */
export const quotaStyles = ['draft', 'x-ratelimit', 'none'] as const

export type QuotaStyle = typeof quotaStyles[number]

/** The part of a Fastify reply that is needed. */
export interface FieldTarget {
  getHeader (name: string): string | number | string[] | undefined
  header (name: string, value: string): unknown
}

/** One limit of a policy as clients see it. */
export interface Promised {
  /** Its name in `RateLimit`, `RateLimit-Policy` and `violated-policies`. */
  readonly name: string
  readonly capacity: number
  /** Undefined for a concurrency limit. */
  readonly rate: RateValue | undefined
}

/** Sets the header fields of one response. `windows` has one entry per limit, or none where the state is unknown. */
export type WriteQuota = (reply: FieldTarget, windows: readonly WindowVerdict[]) => void

/** The limits of a policy under the names that clients see: that of the policy, with the rate added where there are several. */
export function promises (policy: string, rules: readonly { readonly rate: RateValue, readonly capacity: number }[]): Promised[] {
  return rules.map(({ rate, capacity }) => ({ name: rules.length === 1 ? policy : `${policy}:${formatRate(rate)}`, rate, capacity }))
}

/**
 * Compiles the writer of a policy.
 *
 * `draft`: `ratelimit-policy: "per-client";q=5;w=1` (5 in 1 second) and `ratelimit: "per-client";r=3;t=1` (3 left, all
 * of them again in 1 second). Several limits make a list, as RFC 9651 §3.1 has it, and so do several policies on one
 * route. A window that is not whole seconds is rounded up to the next second. A concurrency limit has no window:
 * `"exports";q=2;qu="concurrent-requests"`.
 *
 * `x-ratelimit`: `-limit` is the capacity, `-remaining` what is left, `-reset` the seconds until all units are
 * available again. Of several limits the one with the least left is shown.
 */
export function compileQuota (style: QuotaStyle, promised: readonly Promised[]): WriteQuota {
  if (style === 'none') return () => {}
  if (style === 'x-ratelimit') return xRateLimit(promised.map(({ capacity }) => String(capacity)))
  const names = promised.map(({ name }) => quoted(name))
  const policies = promised
    .map(({ rate, capacity }, index) => names[index]! + (rate === undefined ? `;q=${capacity};qu="concurrent-requests"` : inWindow(rate)))
    .join(', ')
  return (reply, windows) => {
    append(reply, 'ratelimit-policy', policies)
    if (windows.length === 0) return
    append(
      reply,
      'ratelimit',
      windows
        .map(({ left, fullAfter }, index) => {
          const reset = promised[index]!.rate === undefined ? '' : `;t=${seconds(fullAfter)}`
          return `${names[index]!};r=${left}${reset}`
        })
        .join(', ')
    )
  }
}

/** Whole seconds, rounded up, at least 1, so that a client that waits this long is admitted. */
export function seconds (ms: number): number {
  // Rounding errors of up to a microsecond do not count as waiting time.
  return Math.max(1, Math.ceil((ms - 1e-3) / 1000))
}

function inWindow ({ limit, window }: RateValue): string {
  const whole = Math.ceil(window / 1000)
  return `;q=${Math.floor(limit * whole * 1000 / window)};w=${whole}`
}

function xRateLimit (capacities: readonly string[]): WriteQuota {
  return (reply, windows) => {
    const told = reply.getHeader('x-ratelimit-remaining')
    for (const [index, { left, fullAfter }] of windows.entries()) {
      if (left !== Math.min(...windows.map(window => window.left))) continue
      if (told !== undefined && Number(told) < left) return
      reply.header('x-ratelimit-limit', capacities[index]!)
      reply.header('x-ratelimit-remaining', String(left))
      reply.header('x-ratelimit-reset', String(seconds(fullAfter)))
      return
    }
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
