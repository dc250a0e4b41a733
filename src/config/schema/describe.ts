/** Describes schemas and values in words, for error messages. */
import { jsonType } from './json-schema.ts'
import type { JsonSchema } from './json-schema.ts'
import { units } from './units.ts'

const types: Record<string, string> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  null: 'nothing'
}
const formats: Record<string, string> = {
  uri: 'a URL',
  regex: 'a regular expression',
  ip: 'an IP address',
  cidr: 'an IP address or a range such as 10.0.0.0/8',
  hostname: 'a host name'
}
const longestValue = 60
const longestList = 16

/** Describes what a schema accepts, for use after "expected": `a number`, `one of a, b, c`, `a duration such as "30s"`. */
export function describe (schema: JsonSchema): string {
  if (schema.expected !== undefined) return schema.expected
  if (schema.unit !== undefined) return `${units[schema.unit].noun} such as "${units[schema.unit].examples[1]}"`
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (values?.length === 1) return show(values[0])
  if (values !== undefined) return `one of ${listed(values.map(String))}`
  const branches = schema.anyOf ?? schema.oneOf
  if (branches !== undefined) return describeAny(branches)
  const { format, minimum, maximum } = schema as { format?: string, minimum?: number, maximum?: number }
  if (format !== undefined && format in formats) return formats[format]!
  const range = minimum !== undefined && maximum !== undefined ? ` from ${minimum} to ${maximum}` : ''
  return (alternatively([schema.type ?? []].flat().map((type) => types[type] ?? type)) || 'something else') + range
}

/** Describes what any of several schemas accepts. */
export function describeAny (schemas: readonly JsonSchema[]): string {
  return alternatively(schemas.map(describe))
}

/** A value shortened to fit a line. The content of a list or mapping is not shown. */
export function show (value: unknown): string {
  const type = jsonType(value)
  if (type === undefined || type === 'null' || type === 'array' || type === 'object') return types[type ?? 'null']!
  const text = type === 'string' ? JSON.stringify(value) : String(value)
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`
}

/** Joins words as `a, b, c`, and shortens a long list to `a, b and 12 more`. */
export function listed (words: readonly string[]): string {
  const more = words.length - longestList
  return more > 0 ? `${words.slice(0, longestList).join(', ')} and ${more} more` : words.join(', ')
}

function alternatively (phrases: readonly string[]): string {
  return [...new Set(phrases)].join(' or ')
}
