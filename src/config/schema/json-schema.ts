/** JSON Schema as plain data, as far as configuration uses it. */

/** Of two quantities below a mapping, by their keys (dots between those of nested mappings), the one that must not be above the other. */
export interface Order {
  readonly least: string
  readonly most: string
  /** Where the larger one merely makes the smaller one useless: what is said about the smaller one. */
  readonly warning?: string
}

/** Any JSON Schema object; TypeBox schemas are such objects too. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>
  readonly additionalProperties?: boolean | JsonSchema
  readonly items?: JsonSchema
  readonly required?: readonly string[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly allOf?: readonly JsonSchema[]
  /** Ours: the text is never shown. */
  readonly secret?: boolean
  /** Ours: what to write after "expected" instead of the wording derived from the schema. */
  readonly expected?: string
  /** Ours: a text that becomes a number, see units.ts. */
  readonly unit?: 'duration' | 'size' | 'rate'
  /** Ours: a duration that no timer waits for. */
  readonly span?: boolean
  /** Ours: pairs of keys of a mapping, see order.ts. */
  readonly order?: readonly Order[]
}

export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** The JSON type of a value; undefined for what JSON does not have. */
export function jsonType (value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : undefined
}

/** The JSON types that a schema lets pass; undefined when it does not say. */
export function jsonTypes (schema: JsonSchema): readonly JsonType[] | undefined {
  if (schema.type !== undefined) return [schema.type].flat().map((type) => type === 'integer' ? 'number' : type as JsonType)
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (values !== undefined) return [...new Set(values.map(jsonType).filter((type) => type !== undefined))]
  const branches = schema.anyOf ?? schema.oneOf
  const types = branches?.map(jsonTypes)
  if (types === undefined || types.includes(undefined)) return undefined
  return [...new Set(types.flatMap((inner) => inner ?? []))]
}
