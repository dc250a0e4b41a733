/** JSON Schema as plain data, as far as the configuration uses it. */

/** Two quantities in a mapping, by key (with dots for nested mappings): the first must not be larger than the second. */
export interface Order {
  readonly least: string
  readonly most: string
  /** Makes it a warning instead of an error: what to say about the first quantity. */
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
  /** Own keyword: the text is never shown. With `pem` that holds for PEM, while the path of a file is shown. */
  readonly secret?: boolean | 'pem'
  /** Own keyword: what a message says after "expected", instead of the words derived from the schema. */
  readonly expected?: string
  /** Own keyword: a text that becomes a number, see units.ts. */
  readonly unit?: 'duration' | 'size' | 'rate'
  /** Own keyword: a duration that no timer uses. */
  readonly span?: boolean
  /** Own keyword: pairs of keys of a mapping, see order.ts. */
  readonly order?: readonly Order[]
}

/** Whether a schema says that a value is never shown. */
export function isSecret ({ secret }: JsonSchema, value: unknown): boolean {
  return secret === true || (secret === 'pem' && !(typeof value === 'string' && !value.includes('-----')))
}

/** A type of JSON values. */
export type JsonType = 'string' | 'number' | 'boolean' | 'object' | 'array' | 'null'

/** The JSON type of a value; undefined for a value that JSON cannot express. */
export function jsonType (value: unknown): JsonType | undefined {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'string' || type === 'number' || type === 'boolean' || type === 'object' ? type : undefined
}

/** The JSON types that a schema accepts; undefined when the schema does not restrict them. */
export function jsonTypes (schema: JsonSchema): readonly JsonType[] | undefined {
  if (schema.type !== undefined) return [schema.type].flat().map((type) => type === 'integer' ? 'number' : type as JsonType)
  const values = schema.enum ?? ('const' in schema ? [schema.const] : undefined)
  if (values !== undefined) return [...new Set(values.map(jsonType).filter((type) => type !== undefined))]
  const branches = schema.anyOf ?? schema.oneOf
  const types = branches?.map(jsonTypes)
  if (types === undefined || types.includes(undefined)) return undefined
  return [...new Set(types.flatMap((inner) => inner ?? []))]
}
