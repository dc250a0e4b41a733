/** Schema builders for durations, sizes, rates, secrets and closed sets of words, which plain JSON types cannot express. */
import Type, { type TUnsafe } from '#typebox'
import { parseDuration, parseRate, parseSize, type RateValue } from './quantity.ts'

export { longestWait, formatDuration, formatRate, formatSize, parseDuration, parseRate, parseSize, type RateValue } from './quantity.ts'

/** Options of a quantity. `default`, `minimum` and `maximum` are written like the value itself: `'30s'`, `'1mb'`, `'5/s'`. */
export interface UnitOptions {
  readonly default?: string
  readonly minimum?: string
  readonly maximum?: string
  readonly description?: string
  readonly examples?: readonly string[]
}

/** Ten years. A longer duration is taken for an error. */
const longestDuration = '3650d'
const largestSize = '1024tib'
/** Largest limit of a rate. */
const largestLimit = 1_000_000_000

/**
 * The values of the `unit` keyword of a schema: how the text of each is parsed and compared, examples for messages, and `tooMuch`, which
 * returns what to expect instead of a value that is too large.
 */
export const units = {
  duration: {
    noun: 'a duration',
    examples: ['250ms', '30s', '1m30s'],
    parse: parseDuration,
    compare: (value: number) => value,
    tooMuch: above(parseDuration(longestDuration)!, longestDuration)
  },
  size: {
    noun: 'a size',
    examples: ['512b', '64kb', '1mib'],
    parse: parseSize,
    compare: (value: number) => value,
    tooMuch: above(parseSize(largestSize)!, largestSize)
  },
  rate: {
    noun: 'a rate',
    examples: ['5/s', '100/m', '1/10s'],
    parse: parseRate,
    compare: (value: RateValue) => value.limit / value.window,
    tooMuch: ({ limit, window }: RateValue) => {
      if (limit > largestLimit) return `at most ${largestLimit} in a window`
      return window > parseDuration(longestDuration)! ? `a window of at most ${longestDuration}` : undefined
    }
  }
} as const

function above (most: number, text: string): (value: number) => string | undefined {
  return value => value > most ? `at most ${text}` : undefined
}

/** A value of the `unit` keyword. */
export type UnitName = keyof typeof units

/**
 * A duration for a timer, written `250ms`, `5s`, `1m30s`, `2h` or `1d`. It is a number of milliseconds after validation, and never more
 * than a timer can hold: above 24 days it counts as 24 days.
 */
export function Duration (options: UnitOptions = {}): TUnsafe<number> {
  return build<number>('duration', options)
}

/** A duration that no timer uses, because it is compared with a clock or sent to others. It is kept as written, up to ten years. */
export function TimeSpan (options: UnitOptions = {}): TUnsafe<number> {
  return Type.Unsafe<number>({ ...build<number>('duration', options), span: true })
}

/** A number of bytes, written `512b`, `64kb` (64 000) or `64kib` (65 536). It is a number after validation. */
export function Size (options: UnitOptions = {}): TUnsafe<number> {
  return build<number>('size', options)
}

/** A rate, written `5/s`, `100/m` or `1/10s`. It is `{ limit, window }` after validation, with `window` in milliseconds. */
export function Rate (options: UnitOptions = {}): TUnsafe<RateValue> {
  return build<RateValue>('rate', options)
}

export interface SecretOptions {
  readonly description?: string
  readonly minLength?: number
  readonly pattern?: string
  readonly expected?: string
}

/** A text that is never shown, neither in messages nor where the configuration is printed. */
export function Secret (options: SecretOptions = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', secret: true, ...options })
}

/** A private key in PEM form, which is never shown, or the path of a file that has it. */
export function PrivateKey (options: Pick<SecretOptions, 'description'> & { readonly examples?: readonly string[] } = {}): TUnsafe<string> {
  return Type.Unsafe<string>({ type: 'string', minLength: 1, secret: 'pem', ...options, examples: [...options.examples ?? []] })
}

/** A closed set of words. */
export function Enum<const T extends readonly string[]> (
  values: T,
  options: { readonly default?: T[number], readonly description?: string } = {}
): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...values], ...options })
}

/** In JSON Schema `minimum` and `maximum` are numbers, so the limits of a text have the keywords `atLeast` and `atMost`. */
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
