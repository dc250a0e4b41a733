/** Ajv with the keywords of this project; validators are compiled once a schema. */
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
    hostname: { type: 'string', validate: (text: string) => /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(text) }
  }
} satisfies Options

/** Knows what a schema may look like, and keeps none. */
const grammar = new Ajv()

const compiled = new WeakMap<object, ValidateFunction>()

/** The validator of a schema; throws an Error for a schema that is itself wrong, such as one with an unknown keyword. */
export function validatorOf (schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  // A default of the root has no place that Ajv could fill; `validate` does it.
  const { default: _, ...root } = adaptSchema(schema as JsonSchema)
  // None of them is asynchronous, so that what is wrong is thrown at once.
  void grammar.validateSchema(root, true)
  const validator = freshAjv().compile(root)
  compiled.set(schema, validator)
  return validator
}

/** One for each schema: an Ajv never forgets what it has compiled, and a reload may bring new schemas for as long as the process lives. */
function freshAjv (): Ajv {
  const ajv = new Ajv({ ...options, meta: false, validateSchema: false })
  ajv.addVocabulary(['secret', 'expected', 'atLeast', 'atMost', 'span', 'order'])
  ajv.addKeyword({ keyword: 'unit', type: 'string', schemaType: 'string', modifying: true, errors: true, validate: convertUnit() })
  ajv.addKeyword({ keyword: 'dropFree', type: 'object', schemaType: 'object', modifying: true, errors: false, compile: dropFree })
  ajv.addKeyword({ keyword: 'noFit', schemaType: 'array', errors: false, validate: () => false })
  return ajv
}

/** Replaces the text by what it means; `params` of an error tells which limit was missed. */
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

/** What limits compare: the number, or for a rate how many in a millisecond. */
function sizeOf (name: UnitName, value: number | RateValue): number {
  return name === 'rate' ? units.rate.compare(value as RateValue) : value as number
}

function dropFree ({ properties, patterns }: { properties: string[], patterns: string[] }): ReturnType<NonNullable<FuncKeywordDefinition['compile']>> {
  const named = new Set(properties)
  const matching = patterns.map((pattern) => new RegExp(pattern, 'u'))
  return (value: Record<string, unknown>) => {
    for (const key of Object.keys(value)) {
      if (key.startsWith('x-') && !named.has(key) && !matching.some((pattern) => pattern.test(key))) delete value[key]
    }
    return true
  }
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
