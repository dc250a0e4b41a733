/** Figures as people read them. Pure. */

/** What stands for a figure that is not there. */
export const none = '–'

/** A count or a rate with three digits at most before it gets a letter: 0.25, 12.5, 950, 1.2k, 3.4M. */
export function figure (value) {
  if (value === null || value === undefined || Number.isNaN(value)) return none
  const size = Math.abs(value)
  if (size >= 999_500) return `${short(value / 1_000_000)}M`
  if (size >= 9_999.5) return `${short(value / 1000)}k`
  if (size >= 100) return String(Math.round(value))
  return short(value)
}

function short (value) {
  const size = Math.abs(value)
  return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : 2)))
}

/** Milliseconds, in the unit that fits: `0.4 ms`, `12 ms`, `1.2 s`. */
export function milliseconds (value) {
  if (value === null || value === undefined) return none
  if (value < 10) return `${Number(value.toFixed(1))} ms`
  if (value < 999.5) return `${Math.round(value)} ms`
  return `${short(value / 1000)} s`
}

/** Bytes, in the unit that fits: `512 B`, `1.5 MiB`. */
export function bytes (value) {
  if (value === null || value === undefined) return none
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB']
  const power = value < 1 ? 0 : Math.min(Math.floor(Math.log2(value) / 10), units.length - 1)
  return `${short(value / 1024 ** power)} ${units[power]}`
}

/** A part of 1 in percent. */
export function percent (value) {
  return value === null || value === undefined ? none : `${short(value * 100)} %`
}

const spans = [['d', 86_400], ['h', 3600], ['min', 60], ['s', 1]]

/** How long something took or lasts, given in milliseconds, by its two largest units: `3 d 4 h`, `12 s`. */
export function lasting (value) {
  let left = Math.max(0, Math.floor(value / 1000))
  const first = spans.findIndex(([, seconds]) => left >= seconds)
  if (first === -1) return '0 s'
  return spans.slice(first, first + 2).flatMap(([unit, seconds]) => {
    const count = Math.floor(left / seconds)
    left %= seconds
    return count === 0 ? [] : [`${count} ${unit}`]
  }).join(' ')
}

/** How long ago something was, both in milliseconds since 1970. */
export function ago (time, now) {
  return time === null || time === undefined ? none : now - time < 1000 ? 'just now' : `${lasting(now - time)} ago`
}

/** A time of the day where the reader is: `14:03:22`. */
export function clockTime (time) {
  return clock.format(time)
}

const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' })

/** `1 thread`, `2 threads`. */
export function counted (count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
