/** Converts values with variables to the type that the schema expects: `"${PORT}"` or `"80${LAST}"` to a number, or `a, b` to a list. */

import { jsonTypes, type JsonSchema } from '../schema/json-schema.ts'
import { steps } from '../pointer.ts'
import { typeScalar } from './scalar.ts'
import type { Substituted } from './tree.ts'

/**
 * Converts the texts of variables to the types of the schema, in place. A text is split only where the schema accepts a list and no text,
 * and where it is one variable.
 * @param variables the text of every value with a variable in it, by its pointer
 * @param schemaOf returns the schema that applies to a place, and the path from there
 */
export function fitVariables (
  value: Readonly<Record<string, unknown>>,
  variables: ReadonlyMap<string, Substituted>,
  schemaOf: (way: readonly string[]) => readonly [JsonSchema, readonly string[]]
): void {
  for (const [pointer, substituted] of variables) {
    const way = steps(pointer)
    const key = way.at(-1)!
    const holder = way.slice(0, -1).reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], value)
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) continue
    const held = holder as Record<string, unknown>
    held[key] = fitted(held[key], substituted, schemasAt(...schemaOf(way)))
  }
}

function fitted (value: unknown, { text, whole }: Substituted, schemas: readonly JsonSchema[]): unknown {
  const types = schemas.map(jsonTypes)
  if (types.length === 0 || types.includes(undefined)) return value
  const wanted = new Set(types.flatMap(some => some ?? []))
  if (wanted.has('string')) return value === null ? value : text
  const typed = typeScalar(text.trim())
  if ((typeof typed === 'number' && wanted.has('number')) || (typeof typed === 'boolean' && wanted.has('boolean'))) return typed
  const list = schemas.find(({ type }) => type === 'array')
  // Of a list that is partly written in the file, it is not clear where the commas belong.
  if (list === undefined || !whole) return value
  const items = list.items === undefined ? undefined : jsonTypes(list.items)
  return text.split(',').map(item => item.trim()).filter(item => item !== '')
    .map(item => items?.includes('string') === false ? typeScalar(item) : item)
}

/** Returns all schemas that may apply to the value at the end of a path. */
function schemasAt (schema: JsonSchema, way: readonly string[]): JsonSchema[] {
  return way.reduce<JsonSchema[]>((schemas, key) => schemas.flatMap(one => inside(one, key)).flatMap(flatten), flatten(schema))
}

function inside ({ properties, patternProperties, additionalProperties, items }: JsonSchema, key: string): JsonSchema[] {
  if (items !== undefined && /^\d+$/.test(key)) return [items]
  if (properties !== undefined && Object.hasOwn(properties, key)) return [properties[key]!]
  const fitting = Object.entries(patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, inner]) => inner)
  return fitting.length === 0 && typeof additionalProperties === 'object' ? [additionalProperties] : fitting
}

function flatten (schema: JsonSchema): JsonSchema[] {
  const branches = [schema.anyOf, schema.oneOf].flatMap(some => some ?? [])
  return branches.length === 0 ? [schema] : branches.flatMap(flatten)
}
