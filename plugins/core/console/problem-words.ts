/** Words that problems have in common. */

const units = [['day', 86_400_000], ['h', 3_600_000], ['min', 60_000], ['s', 1000]] as const

/** A length of time in one unit, such as `12 s`, `3 min` or `2 days`; less than a second is `0 s`. */
export function span (milliseconds: number): string {
  const [unit, length] = units.find(([, length]) => milliseconds >= length) ?? units[3]
  const number = Math.max(0, Math.floor(milliseconds / length))
  return unit === 'day' ? count(number, unit) : `${number} ${unit}`
}

/** ` 12 s ago`, or nothing where the time is not known. */
export function ago (time: number | undefined, now: number): string {
  return time === undefined ? '' : ` ${span(now - time)} ago`
}

/** ` for 12 s`, or nothing where it is not known since when. */
export function lasting (since: number | undefined, now: number): string {
  return since === undefined ? '' : ` for ${span(now - since)}`
}

/** `1 target`, `2 targets`. */
export function count (number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}

/** A rate as people say it: `0.4 requests/s`, `75 requests/s`. */
export function perSecond (rate: number, noun: string): string {
  return `${rate < 10 ? Number(rate.toFixed(1)) : Math.round(rate)} ${noun}s/s`
}
