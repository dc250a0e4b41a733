/** Builds an example request that matches a route. */
import { sampleOf } from '../../../src/config/index.ts'
import type { Conditions, ValueCondition } from './conditions.ts'
import type { RequestView } from './request-facts.ts'
import type { Pattern, Segment } from './pattern.ts'

/** Readable form of a request; `query` is `''` or starts with `?`. */
export interface Witness {
  readonly method: string
  readonly host?: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly query: string
}

/** Values for a free parameter, the simplest first. Another route may match some of them. */
const FREE_VALUES = ['x', '1', 'x1', 'any-value', '~', '.x']

/** A request for `method` and `host` that fits the conditions, once for each path worth trying; none where no sample value is known. */
export function* witnesses (pattern: Pattern, conditions: Conditions, method: string, host: string | undefined): Generator<Witness> {
  const headers = sampleValues(conditions.headers ?? {}, true)
  const query = sampleValues(conditions.query ?? {}, false)
  if (headers === undefined || query === undefined) return
  const search = new URLSearchParams(query).toString()
  for (const value of FREE_VALUES) {
    const path = samplePath(pattern, value)
    if (path === undefined) return
    yield {
      method,
      ...(host === undefined ? {} : { host: host.replace(/^\*/, 'x') }),
      path,
      headers,
      query: search === '' ? '' : `?${search}`
    }
  }
}

/** The witness as the matcher reads it. */
export function viewOf (witness: Witness): RequestView {
  return { ...witness, host: witness.host }
}

function sampleValues (conditions: Readonly<Record<string, ValueCondition>>, lowerCase: boolean): Record<string, string> | undefined {
  const values: Record<string, string> = {}
  for (const [name, condition] of Object.entries(conditions)) {
    if (typeof condition === 'object' && 'present' in condition && !condition.present) continue
    const value = sampleValue(condition)
    if (value === undefined) return undefined
    values[lowerCase ? name.toLowerCase() : name] = value
  }
  return values
}

function sampleValue (condition: ValueCondition): string | undefined {
  if (condition === '*') return 'x'
  if (typeof condition === 'string') return condition
  return 'regex' in condition ? sampleOf(condition.regex) : 'x'
}

function samplePath (pattern: Pattern, free: string): string | undefined {
  const parts = pattern.segments.map((segment) => sampleSegment(segment, free))
  return parts.includes(undefined) ? undefined : `/${parts.join('/')}`
}

function sampleSegment (segment: Segment, free: string): string | undefined {
  if (segment.kind === 'wildcard') return `${free}/${free}`
  let text = segment.prefix
  for (const { regex, after } of segment.captures) {
    const value = regex === '' || new RegExp(`^(?:${regex})$`).test(free) ? free : sampleOf(regex)
    if (value === undefined) return undefined
    text += value + after
  }
  return encodeURIComponent(text).replace(/%(?:24|26|2B|2C|3A|3B|3D|40)/g, decodeURIComponent)
}
