/** The fields that tell a client how much of a limit is left. */

import { formatRate, type RateValue } from '../../../src/config/index.ts'
import type { WindowVerdict } from './rule.ts'

/** Which fields: those of draft-ietf-httpapi-ratelimit-headers, the older `x-ratelimit-*`, or none. */
export const quotaStyles = ['draft', 'x-ratelimit', 'none'] as const

export type QuotaStyle = typeof quotaStyles[number]

/** The part of a Fastify reply that is needed. */
export interface FieldTarget {
  getHeader (name: string): string | number | string[] | undefined
  header (name: string, value: string): unknown
}

/** What clients are promised: one limit of a policy. */
export interface Promised {
  /** Name under which `RateLimit`, `RateLimit-Policy` and `violated-policies` speak of it. */
  readonly name: string
  readonly capacity: number
  /** Undefined for a limit of how many at once. */
  readonly rate: RateValue | undefined
}

/** Writes the fields of one answer. `windows` are as many as were promised, or none where nothing is known. */
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
 * route. A window that is not whole seconds is told by the next longer one that is. A limit of how many at once has no
 * window: `"exports";q=2;qu="concurrent-requests"`.
 *
 * `x-ratelimit`: `-limit` is the most there can be at once, `-remaining` what is left, `-reset` the seconds until all are there again.
 * Of several limits the one with the least left is told.
 */
export function compileQuota (style: QuotaStyle, promised: readonly Promised[]): WriteQuota {
  if (style === 'none') return () => {}
  if (style === 'x-ratelimit') return xRateLimit(promised.map(({ capacity }) => String(capacity)))
  const names = promised.map(({ name }) => quoted(name))
  const policies = promised.map((
    { rate, capacity },
    index
  ) => names[index]! + (rate === undefined ? `;q=${capacity};qu="concurrent-requests"` : inWindow(rate))).join(', ')
  return (reply, windows) => {
    append(reply, 'ratelimit-policy', policies)
    if (windows.length === 0) return
    append(
      reply,
      'ratelimit',
      windows.map((
        { left, fullAfter },
        index
      ) => `${names[index]!};r=${left}${promised[index]!.rate === undefined ? '' : `;t=${seconds(fullAfter)}`}`).join(', ')
    )
  }
}

/** Whole seconds, rounded up, at least 1: a client that waits as long as it was told must find that it is time. */
export function seconds (ms: number): number {
  // A microsecond is what rounding may have added, not what the client has to wait for.
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
