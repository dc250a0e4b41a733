/** Checks pairs of quantities with an order, such as a first wait and the longest one. Schemas declare them with the keyword `order`. */

import type { JsonSchema, Order } from '../schema/json-schema.ts'
import { child } from '../pointer.ts'
import type { Problem } from './problem.ts'
import { formatDuration, formatSize } from '../schema/units.ts'

/**
 * Reports the pairs whose first quantity is larger than the second. Only a quantity in the file is reported: a total that is shorter than
 * the default of its part ends the part, as it should. `0s` switches a timeout off, so it has no order.
 * @param written the value as it is in the file
 * @param value the validated value, with defaults
 */
export function checkOrder (schema: JsonSchema, written: unknown, value: unknown, pointer: string): Problem[] {
  if (!ordered(schema)) return []
  const here = isMapping(value) ? (schema.order ?? []).flatMap(order => checkPair(schema, order, written, value, pointer)) : []
  const inside = [...entries(schema, value)].flatMap(([inner, key]) => {
    return checkOrder(inner, at(written, key), at(value, key), key === '' ? pointer : child(pointer, key))
  })
  return [...here, ...inside]
}

function checkPair (schema: JsonSchema, { least, most, warning }: Order, written: unknown, value: unknown, pointer: string): Problem[] {
  const path = least.split('.')
  const other = most.split('.')
  const small = valueAt(value, path)
  const large = valueAt(value, other)
  if (typeof small !== 'number' || typeof large !== 'number' || small <= large || valueAt(written, path) === undefined) return []
  const unit = unitOf(schemaAt(schema, path))
  if (unit === 'duration' && large === 0) return []
  const text = unit === 'duration' ? formatDuration : unit === 'size' ? formatSize : String
  const place = path.reduce<string>(child, pointer)
  if (warning === undefined) {
    return [{ severity: 'error', pointer: place, message: `must not be above \`${most}\` (${text(large)}), got ${text(small)}` }]
  }
  return [{ severity: 'warning', pointer: place, message: `${warning}: \`${most}\` is ${text(large)}` }]
}

/** The schemas of the entries of a value, with their keys; the key is '' for a schema of the value itself. */
function * entries (schema: JsonSchema, value: unknown): Generator<[inner: JsonSchema, key: string]> {
  for (const branch of [schema.anyOf, schema.oneOf, schema.allOf].flatMap(branches => branches ?? [])) yield [branch, '']
  if (Array.isArray(value)) {
    if (schema.items !== undefined) for (const index of value.keys()) yield [schema.items, String(index)]
  } else if (isMapping(value)) {
    const patterns = Object.entries(schema.patternProperties ?? {})
    for (const key of Object.keys(value)) {
      const own = schema.properties?.[key] ?? patterns.find(([pattern]) => new RegExp(pattern, 'u').test(key))?.[1]
      if (own !== undefined) yield [own, key]
    }
  }
}

const known = new WeakMap<JsonSchema, boolean>()

/** Whether a schema has such pairs anywhere. Most parts of a large file do not, and are skipped. */
function ordered (schema: JsonSchema): boolean {
  let found = known.get(schema)
  if (found === undefined) {
    const inner = [schema.properties, schema.patternProperties].flatMap(map => Object.values(map ?? {}))
    const items = schema.items === undefined ? [] : [schema.items]
    const branches = [schema.anyOf, schema.oneOf, schema.allOf].flatMap(some => some ?? [])
    found = schema.order !== undefined || [...inner, ...items, ...branches].some(ordered)
    known.set(schema, found)
  }
  return found
}

function isMapping (value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function at (value: unknown, key: string): unknown {
  return key === '' ? value : (value as Readonly<Record<string, unknown>> | undefined)?.[key]
}

function valueAt (value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => isMapping(inner) ? inner[key] : undefined, value)
}

/** The unit of a quantity, also of one that may be a word instead. */
function unitOf (schema: JsonSchema | undefined): JsonSchema['unit'] {
  return schema?.unit ?? schema?.anyOf?.find(({ unit }) => unit !== undefined)?.unit
}

function schemaAt (schema: JsonSchema, path: readonly string[]): JsonSchema | undefined {
  return path.reduce<JsonSchema | undefined>((inner, key) => inner?.properties?.[key], schema)
}
