/** When a certificate is renewed, and when after a failure. */

import type { X509Certificate } from 'node:crypto'

/** Times in milliseconds since 1970. */
export interface Lifetime {
  readonly from: number
  readonly to: number
}

/** What the time depends on. */
export interface RenewalTimeOptions {
  readonly lifetime: Lifetime
  /** What the directory suggests. */
  readonly window: { readonly start: number, readonly end: number } | undefined
  /**
   * A random number in [0, 1), drawn once for each certificate: drawn again for each look it would move the renewal to the start of the
   * window.
   */
  readonly fraction: number
}

/**
 * When to renew a certificate: somewhere in the window that the directory suggests, else when two thirds of its life are over, or up to a
 * thirtieth of its life later, so that certificates of one day do not come back on one day. A window that ends after the certificate is
 * not used.
 */
export function renewalTime ({ lifetime: { from, to }, window, fraction }: RenewalTimeOptions): number {
  if (window !== undefined && window.end > window.start && window.end <= to) {
    return window.start + (window.end - window.start) * fraction
  }
  return from + Math.floor((to - from) * (2 / 3 + fraction / 30))
}

/** The life of a certificate. */
export function lifetimeOf ({ validFrom, validTo }: Pick<X509Certificate, 'validFrom' | 'validTo'>): Lifetime {
  return { from: Date.parse(validFrom), to: Date.parse(validTo) }
}

/** How long to wait after failures, in milliseconds. */
interface Pauses {
  readonly first: number
  readonly factor: number
  readonly most: number
}

const minute = 60_000
const hour = 60 * minute

/** A directory that does not respond has counted nothing. One that has refused counts: Let's Encrypt allows five failures an hour. */
const unreachable: Pauses = { first: 10_000, factor: 2, most: 10 * minute }
const refused: Pauses = { first: minute, factor: 4, most: 6 * hour }
/** The longest wait that a directory can ask for. */
const longestRetryAfter = 7 * 24 * hour
/** A restart does not wait for longer than this, because the cause may have been removed: one failure in five an hour. */
const longestAfterRestart = 12 * minute
/** Between two questions when to renew. */
const suggestions = { least: minute, usual: 6 * hour, most: 24 * hour }

/**
 * How long to wait after so many failures in a row. Never shorter than the directory asks, and up to a quarter longer, so that gateways
 * do not come back together.
 */
export function pauseAfter (
  failures: number,
  failure: { readonly unreachable: boolean, readonly retryAfter: number | undefined },
  random: () => number
): number {
  const { first, factor, most } = failure.unreachable ? unreachable : refused
  const pause = Math.min(first * factor ** (failures - 1), most)
  const asked = Math.min(failure.retryAfter ?? 0, longestRetryAfter)
  return Math.max(pause, asked) * (1 + random() / 4)
}

/** When the first attempt after a start may be made, given the last failure before it. */
export function firstAttempt (
  last: { readonly at: number, readonly next: number, readonly asked: boolean } | undefined
): number {
  if (last === undefined) return 0
  return last.asked ? last.next : Math.min(last.next, last.at + longestAfterRestart)
}

/** How long to wait before the directory is asked again when to renew, in milliseconds (RFC 9773 §4.3). */
export function lookAgainAfter (retryAfter: number | undefined): number {
  const { least, usual, most } = suggestions
  return Math.min(Math.max(retryAfter ?? usual, least), most)
}
