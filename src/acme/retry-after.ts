/** Reads Retry-After (RFC 9110 §10.2.3). */

/** Milliseconds to wait, from seconds or a date; undefined when it is neither. `now` is milliseconds since 1970. */
export function readRetryAfter (value: string | readonly string[] | undefined, now: number): number | undefined {
  if (typeof value !== 'string') return undefined
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000
  const at = /^[A-Z][a-z]{2}, /.test(value) ? Date.parse(value) : Number.NaN
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
