/** Redacts the secrets of a configuration by its schema and by names. */
import type { TSchema } from '#typebox'
import { atOnce, type Steps } from '../../scheduling/steps.ts'
import { isSecret, jsonType, jsonTypes } from '../schema/json-schema.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { child, steps } from '../pointer.ts'

export const redacted = '[redacted]'

/** Names of secrets where there is no schema: `password`, `clientSecret`, `api_key`, … */
const telling = /(?:secret|password|token|privatekey|apikey)$/

/**
 * Returns a deep copy of `value` with `[redacted]` for every value that `schema` marks with `secret: true`, every pointer in `secrets`,
 * every value without a schema under the name of a secret, and every password in a URL.
 */
export function redact (schema: TSchema, value: unknown, secrets: ReadonlySet<string>): unknown {
  return atOnce(redactInSteps(schema, value, secrets))
}

/** The same in steps. */
export function * redactInSteps (schema: TSchema, value: unknown, secrets: ReadonlySet<string>): Steps<unknown> {
  return yield * new Redaction(schema as JsonSchema, secrets).copy([schema as JsonSchema], value, '')
}

class Redaction {
  readonly #root: JsonSchema
  readonly #secrets: ReadonlySet<string>

  constructor (root: JsonSchema, secrets: ReadonlySet<string>) {
    this.#root = root
    this.#secrets = secrets
  }

  /** `schemas` are all that may apply to the value. One that marks a secret is enough. */
  * copy (schemas: readonly JsonSchema[], value: unknown, pointer: string): Steps<unknown> {
    const all = schemas.flatMap((schema) => this.#flatten(schema))
    if (value === undefined || value === null) return value
    if (this.#secrets.has(pointer) || all.some((schema) => isSecret(schema, value) && concerns(schema, all, value))) return redacted
    if (typeof value === 'string') return hidePassword(value)
    if (typeof value !== 'object') return value
    yield
    if (Array.isArray(value)) {
      const items: unknown[] = []
      for (const [index, item] of value.entries()) {
        items.push(yield * this.copy(all.flatMap((schema) => itemSchemas(schema, index)), item, child(pointer, index)))
      }
      return items
    }
    const entries: [string, unknown][] = []
    for (const [key, inner] of Object.entries(value)) entries.push([key, yield * this.#entry(all, key, inner, child(pointer, key))])
    return Object.fromEntries(entries)
  }

  * #entry (schemas: readonly JsonSchema[], key: string, value: unknown, pointer: string): Steps<unknown> {
    const described = schemas.flatMap((schema) => entrySchemas(schema, key)).filter((schema) => Object.keys(schema).length > 0)
    const untyped = described.length === 0 && telling.test(key.toLowerCase().replaceAll(/[-_]/g, ''))
    return untyped && value !== null && value !== undefined ? redacted : yield * this.copy(described, value, pointer)
  }

  /** Returns a schema with all its branches and references, for the same value. */
  #flatten (schema: JsonSchema): JsonSchema[] {
    if (typeof schema !== 'object') return []
    const branches = [...schema.anyOf ?? [], ...schema.oneOf ?? [], ...schema.allOf ?? []]
    for (const keyword of ['if', 'then', 'else']) {
      if (schema[keyword] !== undefined) branches.push(schema[keyword] as JsonSchema)
    }
    const reference = schema['$ref']
    if (typeof reference === 'string' && reference.startsWith('#')) branches.push(this.#resolve(reference))
    return [schema, ...branches.flatMap((branch) => this.#flatten(branch))]
  }

  #resolve (reference: string): JsonSchema {
    let at: unknown = this.#root
    for (const step of steps(reference.slice(1))) at = (at as Record<string, unknown> | undefined)?.[step]
    return (at ?? {}) as JsonSchema
  }
}

/**
 * Whether a secret schema applies to a value: the alternative of a secret text does not make a mapping secret. In doubt the value is
 * secret.
 */
function concerns (secret: JsonSchema, all: readonly JsonSchema[], value: unknown): boolean {
  const type = jsonType(value)
  const fits = (schema: JsonSchema): boolean => type !== undefined && (jsonTypes(schema)?.includes(type) ?? false)
  return jsonTypes(secret) === undefined || fits(secret) || !all.some(fits)
}

function entrySchemas (schema: JsonSchema, key: string): JsonSchema[] {
  const found = Object.entries(schema.patternProperties ?? {})
    .filter(([pattern]) => new RegExp(pattern, 'u').test(key))
    .map(([, inner]) => inner)
  const { properties, additionalProperties } = schema
  if (properties !== undefined && Object.hasOwn(properties, key)) found.push(properties[key]!)
  if (found.length === 0 && typeof additionalProperties === 'object') found.push(additionalProperties)
  return found
}

function itemSchemas (schema: JsonSchema, index: number): JsonSchema[] {
  const tuple = (schema['prefixItems'] ?? (Array.isArray(schema.items) ? schema.items : undefined)) as JsonSchema[] | undefined
  if (tuple?.[index] !== undefined) return [tuple[index]]
  return schema.items !== undefined && !Array.isArray(schema.items) ? [schema.items] : []
}

/** Redacts the password of a URL (RFC 3986 §3.2.1). */
function hidePassword (text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:)[^/?#]*@/i, `$1${redacted}@`)
}
