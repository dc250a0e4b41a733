/** Converts durations, sizes and rates between text and numbers. */

const durationUnits = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1000, ms: 1 } as const
// SI for kb, IEC 80000-13 for kib: the letters mean what the standards say, so 1mb is 1 000 000 bytes.
const sizeUnits = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, tb: 1e12, kib: 2 ** 10, mib: 2 ** 20, gib: 2 ** 30, tib: 2 ** 40 } as const

/**
 * The longest time in milliseconds that a timer is set to. Timers of Node hold at most 2^31 - 1 (24.8 days) and fire at once for more;
 * the difference leaves room for jitter. A timeout of `30d` means "practically never", which 24 days are too.
 */
export const longestWait = 24 * durationUnits.d

/** A number of events in a window of time. `window` is in milliseconds. */
export interface RateValue { readonly limit: number, readonly window: number }

const durationPattern = new RegExp(`^${['d', 'h', 'm(?!s)', 's', 'ms'].map(unit => `(?:(\\d+(?:\\.\\d+)?)${unit})?`).join('')}$`)

/**
 * Parses a duration such as `250ms`, `5s`, `1m30s`, `2h`, `1d` or `0.5s` to milliseconds. Units run from large to small, each once.
 * Returns undefined for anything else, a number without a unit included.
 */
export function parseDuration (text: string): number | undefined {
  const match = durationPattern.exec(text)
  if (match === null || text === '') return undefined
  const factors = Object.values(durationUnits)
  const total = factors.reduce((sum, factor, index) => sum + Number(match[index + 1] ?? 0) * factor, 0)
  return whole(total)
}

/** Formats milliseconds as the shortest text that `parseDuration` reads as them: `90000` → `1m30s`. */
export function formatDuration (ms: number): string {
  let rest = Math.round(ms)
  if (rest === 0) return '0s'
  let text = ''
  for (const [unit, factor] of Object.entries(durationUnits)) {
    const count = Math.floor(rest / factor)
    if (count > 0) text += `${count}${unit}`
    rest -= count * factor
  }
  return text
}

/** Parses a size such as `512b`, `64kb` (64 000), `64kib` (65 536) or `1.5MB` to bytes. Returns undefined for anything else. */
export function parseSize (text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)([kmgt]?i?b)$/.exec(text.toLowerCase())
  const factor = match && sizeUnits[match[2] as keyof typeof sizeUnits]
  return match && factor ? whole(Number(match[1]) * factor) : undefined
}

/** Formats bytes as the shortest text that `parseSize` reads as them: `65536` → `64kib`. */
export function formatSize (bytes: number): string {
  const units = Object.entries(sizeUnits).toSorted(([, a], [, b]) => b - a)
  const [unit, factor] = units.find(([, size]) => bytes >= size && bytes % size === 0) ?? ['b', 1]
  return `${bytes / factor}${unit}`
}

/** Parses a rate such as `5/s`, `100/m`, `1000/h` or `1/10s`. Returns undefined for anything else, an empty window included. */
export function parseRate (text: string): RateValue | undefined {
  const match = /^(\d+)\/(.+)$/.exec(text)
  if (match === null) return undefined
  const window = parseDuration(/^\d/.test(match[2]!) ? match[2]! : `1${match[2]}`)
  const limit = safe(Number(match[1]))
  return window === undefined || window === 0 || limit === undefined ? undefined : { limit, window }
}

/** Formats a rate as the text that `parseRate` reads as it: `{ limit: 5, window: 1000 }` → `5/s`. */
export function formatRate ({ limit, window }: RateValue): string {
  const text = formatDuration(window)
  return `${limit}/${/^1[a-z]+$/.test(text) ? text.slice(1) : text}`
}

/** Rounds. Zero often has a meaning of its own, such as no timeout, so a value above zero is never rounded to it. */
function whole (value: number): number | undefined {
  return value > 0 && value < 0.5 ? undefined : safe(Math.round(value))
}

function safe (value: number): number | undefined {
  return Number.isSafeInteger(value) ? value : undefined
}
