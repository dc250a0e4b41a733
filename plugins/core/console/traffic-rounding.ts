/** Numbers as they are shown: to thousandths, so that they need no more bytes than a person can read. */

export function rounded (value: number): number {
  return Math.round(value * 1000) / 1000
}

/** The same of seconds, as milliseconds. */
export function inMilliseconds (seconds: number | null): number | null {
  return seconds === null ? null : rounded(seconds * 1000)
}
