/** Schema builders for what a plain JSON type cannot say: durations, sizes, rates, secrets and closed sets of words. */
import Type, { type TUnsafe } from 'typebox'
import { parseDuration, parseRate, parseSize, type RateValue } from './quantity.ts'

export { longestWait, formatDuration, formatRate, formatSize, parseDuration, parseRate, parseSize, type RateValue } from './quantity.ts'

/** `default`, `minimum` and `maximum` are written like the value itself: `'30s'`, `'1mb'`, `'5/s'`. */
export interface UnitOptions {
  readonly default?: string
  readonly minimum?: string
  readonly maximum?: string
  readonly description?: string
  readonly examples?: readonly string[]
}

/** Ten years: what is longer was hardly meant. */
const mostDuration = '3650d'
const mostSize = '1024tib'
/** In one window. */
const mostOfRate = 1_000_000_000

/** What the `unit` keyword of a schema can be, how its text is read, what a good one looks like, and what is beyond all use. */
export const units = {
  duration: { noun: 'a duration', examples: ['250ms', '30s', '1m30s'], parse: parseDuration, compare: (value: number) => value, tooMuch: above(parseDuration(mostDuration)!, mostDuration) },
  size: { noun: 'a size', examples: ['512b', '64kb', '1mib'], parse: parseSize, compare: (value: number) => value, tooMuch: above(parseSize(mostSize)!, mostSize) },
  rate: {
    noun: 'a rate',
    examples: ['5/s', '100/m', '1/10s'],
    parse: parseRate,
    compare: (value: RateValue) => value.limit / value.window,
    tooMuch: ({ limit, window }: RateValue) => limit > mostOfRate ? `at most ${mostOfRate} in a window` : window > parseDuration(mostDuration)! ? `a window of at most ${mostDuration}` : undefined
  }
} as const

function above (most: number, text: string): (value: number) => string | undefined {
  return value => value > most ? `at most ${text}` : undefined
}

export type UnitName = keyof typeof units

/**
 * A time that is waited for, written `250ms`, `5s`, `1m30s`, `2h`, `1d`; milliseconds after validation, and never more than a timer
 * can wait: above 24 days it counts as 24 days.
 */
export function Duration (options: UnitOptions = {}): TUnsafe<number> {
  return build<number>('duration', options)
}

/** A time that no timer waits for, because it is compared with a clock or told to others: kept as written, up to ten years. */
export function TimeSpan (options: UnitOptions = {}): TUnsafe<number> {
  return Type.Unsafe<number>({ ...build<number>('duration', options), span: true })
}

/** A number of bytes, written `512b`, `64kb` (1000), `64kib` (1024), `1mb`; bytes after validation. */
export function Size (options: UnitOptions = {}): TUnsafe<number> {
  return build<number>('size', options)
}

/** So many in so long, written `5/s`, `100/m`, `1/10s`; `{ limit, window }` with `window` in milliseconds after validation. */
export function Rate (options: UnitOptions = {}): TUnsafe<RateValue> {
  return build<RateValue>('rate', options)
}

/** Text that is never shown: not in messages, not where configuration is printed. */
export function Secret (options: { readonly description?: string, readonly minLength?: number, readonly pattern?: string, readonly expected?: string } = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', secret: true, ...options })
}

/** A closed set of words. */
export function Enum<const T extends readonly string[]> (
  values: T,
  options: { readonly default?: T[number], readonly description?: string } = {}
): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/** `minimum` and `maximum` mean numbers in JSON Schema, so the limits of a text travel as `atLeast` and `atMost`. */
function build<T> (unit: UnitName, { minimum, maximum, examples = units[unit].examples, ...rest }: UnitOptions): TUnsafe<T> {
  for (const text of [rest.default, minimum, maximum]) {
    if (text !== undefined && units[unit].parse(text) === undefined) throw new RangeError(`"${text}" is not ${units[unit].noun}`)
  }
  return Type.Unsafe<T>({
    type: 'string',
    unit,
    ...rest,
    ...(minimum === undefined ? {} : { atLeast: minimum }),
    ...(maximum === undefined ? {} : { atMost: maximum }),
    examples: [...examples]
  })
}
