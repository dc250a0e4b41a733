/** Compiles schemas with Ajv and the keywords of this project, once for each schema. */
import { Ajv } from 'ajv'
import type { FuncKeywordDefinition, Options, SchemaValidateFunction, ValidateFunction } from 'ajv'
import { isIP } from 'node:net'
import { adaptSchema } from '../schema/adapt-schema.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { longestWait, units } from '../schema/units.ts'
import type { RateValue, UnitName } from '../schema/units.ts'

const options = {
  allErrors: true,
  verbose: true,
  // Problems have messages of their own.
  messages: false,
  // To optimize the code takes longer than it saves: it runs once for a file.
  code: { optimize: false },
  useDefaults: true,
  strict: true,
  strictTypes: false,
  strictRequired: false,
  strictTuples: false,
  allowUnionTypes: true,
  allowMatchingProperties: true,
  formats: {
    uri: { type: 'string', validate: (text: string) => URL.canParse(text) },
    regex: { type: 'string', validate: isRegex },
    ip: { type: 'string', validate: (text: string) => isIP(text) !== 0 },
    cidr: { type: 'string', validate: isCidr },
    hostname: { type: 'string', validate: isHostName }
  }
} satisfies Options

const compiled = new WeakMap<object, ValidateFunction>()

/**
 * The validator of a schema.
 * @throws Error for a schema that is itself invalid, such as one with an unknown keyword
 */
export function validatorOf (schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  // Ajv cannot fill in a default of the root; `validate` does.
  const { default: _, ...root } = adaptSchema(schema as JsonSchema)
  const validator = freshAjv().compile(root)
  compiled.set(schema, validator)
  return validator
}

/**
 * Checks a schema against the grammar of schemas, which is loaded for it. `validatorOf` does not, because the built-in schemas are valid.
 * @throws Error for a schema that is invalid
 */
export function checkGrammar (schema: object): void {
  grammar ??= new Ajv()
  // The result is no promise: no part of it is asynchronous, and an invalid schema throws at once.
  void grammar.validateSchema(adaptSchema(schema as JsonSchema), true)
}

/** It keeps none of the schemas. */
let grammar: Ajv | undefined

/** A new Ajv for each schema: it keeps everything it has compiled, and every reload may bring new schemas. */
function freshAjv (): Ajv {
  const ajv = new Ajv({ ...options, meta: false, validateSchema: false, code: { optimize: false } })
  ajv.addVocabulary(['secret', 'expected', 'atLeast', 'atMost', 'span', 'order'])
  ajv.addKeyword({ keyword: 'unit', type: 'string', schemaType: 'string', modifying: true, errors: true, validate: convertUnit() })
  ajv.addKeyword({ keyword: 'dropFree', type: 'object', schemaType: 'object', modifying: true, errors: false, compile: dropFree })
  ajv.addKeyword({ keyword: 'noFit', schemaType: 'array', errors: false, validate: () => false })
  return ajv
}

/** Replaces the text of a quantity by its number. The `params` of an error contain the limit that was not kept. */
function convertUnit (): SchemaValidateFunction {
  const convert: SchemaValidateFunction = (name: UnitName, text: string, schema, place) => {
    const unit = units[name]
    const value = unit.parse(text)
    const fail = (params: object): false => {
      // Ajv does not add the schema to errors that a keyword makes itself.
      convert.errors = [{ keyword: 'unit', message: 'unit', params, parentSchema: schema as object }]
      return false
    }
    if (value === undefined) return fail({})
    const size = sizeOf(name, value)
    const { atLeast, atMost, span } = schema as { atLeast?: string, atMost?: string, span?: boolean }
    if (atLeast !== undefined && size < sizeOf(name, unit.parse(atLeast)!)) return fail({ atLeast })
    if (atMost !== undefined && size > sizeOf(name, unit.parse(atMost)!)) return fail({ atMost })
    const tooMuch = unit.tooMuch(value as never)
    if (tooMuch !== undefined) return fail({ tooMuch })
    const kept = name === 'duration' && span !== true ? Math.min(value as number, longestWait) : value
    if (place !== undefined) (place.parentData as Record<string | number, unknown>)[place.parentDataProperty] = kept
    return true
  }
  return convert
}

/** The number that limits compare: of a rate, the number per millisecond. */
function sizeOf (name: UnitName, value: number | RateValue): number {
  return name === 'rate' ? units.rate.compare(value as RateValue) : value as number
}

type CompiledKeyword = ReturnType<NonNullable<FuncKeywordDefinition['compile']>>

/** Removes the `x-*` keys that the schema does not declare. */
function dropFree ({ properties, patterns }: { properties: string[], patterns: string[] }): CompiledKeyword {
  const named = new Set(properties)
  const matching = patterns.map((pattern) => new RegExp(pattern, 'u'))
  return (value: Record<string, unknown>) => {
    for (const key of Object.keys(value)) {
      if (key.startsWith('x-') && !named.has(key) && !matching.some((pattern) => pattern.test(key))) delete value[key]
    }
    return true
  }
}

function isHostName (text: string): boolean {
  return text.length <= 253 && text.split('.').every(label => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(label))
}

function isRegex (text: string): boolean {
  try {
    return new RegExp(text, 'u') instanceof RegExp
  } catch {
    return false
  }
}

function isCidr (text: string): boolean {
  const match = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text)
  const version = isIP(match?.[1] ?? '')
  return version !== 0 && Number(match?.[2] ?? 0) <= (version === 4 ? 32 : 128)
}
