/** Converts values that consist of one variable to the type that the schema expects: `"${PORT}"` to a number, or `a, b` to a list. */

import { jsonTypes, type JsonSchema } from '../schema/json-schema.ts'
import { steps } from '../pointer.ts'
import { typeScalar } from './scalar.ts'

/**
 * Converts the texts of variables to the types of the schema, in place. A text is split only where the schema accepts a list and no text.
 * @param variables the text of every value that consists of one variable, by its pointer
 * @param schemaOf returns the schema that applies to a place, and the path from there
 */
export function fitVariables (
  value: Readonly<Record<string, unknown>>,
  variables: ReadonlyMap<string, string>,
  schemaOf: (way: readonly string[]) => readonly [JsonSchema, readonly string[]]
): void {
  for (const [pointer, text] of variables) {
    const way = steps(pointer)
    const key = way.at(-1)!
    const holder = way.slice(0, -1).reduce<unknown>((inner, step) => (inner as Record<string, unknown> | undefined)?.[step], value)
    if (typeof holder !== 'object' || holder === null || !Object.hasOwn(holder, key)) continue
    const held = holder as Record<string, unknown>
    held[key] = fitted(held[key], text, schemasAt(...schemaOf(way)))
  }
}

function fitted (value: unknown, text: string, schemas: readonly JsonSchema[]): unknown {
  const types = schemas.map(jsonTypes)
  if (types.length === 0 || types.includes(undefined)) return value
  const wanted = new Set(types.flatMap(some => some ?? []))
  if (wanted.has('string')) return value === null ? value : text
  const typed = typeScalar(text.trim())
  if ((typeof typed === 'number' && wanted.has('number')) || (typeof typed === 'boolean' && wanted.has('boolean'))) return typed
  const list = schemas.find(({ type }) => type === 'array')
  if (list === undefined) return value
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
