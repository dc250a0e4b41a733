/**
 * Rewrites a schema for the validator, so that a problem is reported once, by the alternative that the user meant, and so that defaults
 * are filled in there. Ajv does neither inside `anyOf` and `oneOf`, but it does both inside `then` and `else`:
 *
 * - alternatives of different JSON types become a chain of `if: { type }`;
 * - alternatives that are mappings with a tag, such as `type: a | b`, become a chain of `if` on the tag;
 * - alternatives that are all words become one `enum`;
 * - a closed mapping accepts the user's `x-*` keys and drops them.
 */
import { jsonTypes } from './json-schema.ts'
import type { JsonSchema, JsonType } from './json-schema.ts'

const schemaMaps = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const data = new Set(['const', 'enum', 'default', 'examples'])

/** Returns a rewritten copy of the schema. */
export function adaptSchema (schema: JsonSchema): JsonSchema {
  const copy: Record<string, unknown> = {}
  for (const [keyword, inner] of Object.entries(schema)) {
    if (keyword === 'anyOf' || keyword === 'oneOf' || keyword === 'discriminator') continue
    copy[keyword] = adaptKeyword(keyword, inner)
  }
  if (schema.additionalProperties === false) acceptFreeKeys(schema, copy)
  const branches = schema.anyOf ?? schema.oneOf
  if (branches === undefined) return copy
  const chosen = alternatives(branches, schema)
  return 'if' in copy ? { ...copy, allOf: [...(copy['allOf'] as JsonSchema[] | undefined ?? []), chosen] } : { ...copy, ...chosen }
}

function adaptKeyword (keyword: string, inner: unknown): unknown {
  if (data.has(keyword) || typeof inner !== 'object' || inner === null) return inner
  if (Array.isArray(inner)) return inner.map((item) => typeof item === 'object' && item !== null ? adaptSchema(item) : item)
  if (!schemaMaps.has(keyword)) return adaptSchema(inner as JsonSchema)
  return Object.fromEntries(Object.entries(inner).map(([key, value]) => [key, typeof value === 'object' ? adaptSchema(value) : value]))
}

function acceptFreeKeys (schema: JsonSchema, copy: Record<string, unknown>): void {
  const patterns = Object.keys(schema.patternProperties ?? {})
  copy['dropFree'] = { properties: Object.keys(schema.properties ?? {}), patterns }
  copy['patternProperties'] = { ...(copy['patternProperties'] as object | undefined), '^x-': true }
}

function alternatives (branches: readonly JsonSchema[], union: JsonSchema): JsonSchema {
  const flat = joinWords(branches.flatMap(flatten))
  if (flat.length === 1) return adaptSchema(flat[0]!)
  const byType = new Map<JsonType, JsonSchema[]>()
  for (const branch of flat) {
    const types = jsonTypes(branch)
    if (types === undefined) return { anyOf: flat.map(adaptSchema) }
    for (const type of types) byType.set(type, [...byType.get(type) ?? [], branch])
  }
  const secret = flat.some((branch) => branch.secret === true)
  let rest: JsonSchema = { noFit: flat, ...(union.expected && { expected: union.expected }), ...(secret && { secret }) }
  for (const [type, group] of [...byType].toReversed()) {
    rest = { if: { type }, then: oneOfType(group.map((branch) => named(branch, union)), type), else: rest }
  }
  return rest
}

/** Describes a branch that is only a pattern with the words of the union, which say more to a person. */
function named (branch: JsonSchema, { expected }: JsonSchema): JsonSchema {
  const bare = branch.expected === undefined && ('pattern' in branch || 'format' in branch)
  return bare && expected !== undefined ? { ...branch, expected } : branch
}

/** Flattens a union of unions, unless the inner one has further keywords. */
function flatten (branch: JsonSchema): readonly JsonSchema[] {
  const keys = Object.keys(branch)
  if (keys.length !== 1 || (branch.anyOf ?? branch.oneOf) === undefined) return [branch]
  return (branch.anyOf ?? branch.oneOf)!.flatMap(flatten)
}

/** Joins all literal words to one `enum`. */
function joinWords (branches: readonly JsonSchema[]): JsonSchema[] {
  const isWord = (branch: JsonSchema): boolean => typeof branch.const === 'string'
  const words = branches.filter(isWord).map((branch) => branch.const)
  const others = branches.filter((branch) => !isWord(branch))
  return words.length === 0 ? others : [{ type: 'string', enum: words }, ...others]
}

function oneOfType (group: readonly JsonSchema[], type: JsonType): JsonSchema {
  if (group.length === 1) return adaptSchema(group[0]!)
  const tag = type === 'object' ? findTag(group) : undefined
  if (tag === undefined) return { anyOf: group.map(adaptSchema) }
  const all = group.flatMap((branch) => tagValues(branch, tag) ?? [])
  let rest: JsonSchema = { type: 'object', required: [tag], properties: { [tag]: { enum: all } } }
  for (const branch of group.toReversed()) {
    rest = { if: { required: [tag], properties: { [tag]: { enum: tagValues(branch, tag) } } }, then: adaptSchema(branch), else: rest }
  }
  return rest
}

/** Finds a required key whose value is different in each of the mappings. */
function findTag (group: readonly JsonSchema[]): string | undefined {
  return group[0]?.required?.find((key) => {
    const values = group.map((branch) => branch.required?.includes(key) === true ? tagValues(branch, key) : undefined)
    if (values.includes(undefined)) return false
    const all = values.flatMap((some) => some ?? [])
    return new Set(all).size === all.length
  })
}

function tagValues (branch: JsonSchema, key: string): readonly unknown[] | undefined {
  const schema = branch.properties?.[key]
  return schema?.enum ?? (schema !== undefined && 'const' in schema ? [schema.const] : undefined)
}
