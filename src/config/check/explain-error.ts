/** Turns an error of the validator into a problem that a person can understand. */
import type { ErrorObject } from 'ajv'
import { describe, describeAny, listed, show } from '../schema/describe.ts'
import { hintForType } from './type-hint.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { nearest } from './nearest.ts'
import { peerHint } from './peer-words.ts'
import { child } from '../pointer.ts'
import type { Problem } from './problem.ts'
import { units } from '../schema/units.ts'

/** An error of the validator, with `pointer` absolute and `secret` true where its value must not be shown. */
export interface Failure { readonly error: ErrorObject, readonly pointer: string, readonly secret: boolean }

type Explanation = Partial<Pick<Problem, 'at' | 'pointer'>> & { readonly message: string, readonly hint?: string | undefined }

/** Explains a failure; returns undefined for an error that only repeats another one. */
export function explain (failure: Failure): Problem | undefined {
  const schema = (failure.error.parentSchema ?? {}) as JsonSchema
  const found = (explainers[failure.error.keyword] ?? unknownKeyword)(failure, schema)
  if (found === undefined) return undefined
  const { hint, ...rest } = found
  return {
    severity: 'error',
    pointer: failure.pointer,
    ...rest,
    ...(hint === undefined ? {} : { hint }),
    ...(failure.secret && found.at !== 'key' ? { secret: true as const } : {})
  }
}

type Explainer = (failure: Failure, schema: JsonSchema) => Explanation | undefined

const wrongValue: Explainer = (failure, schema) => ({ message: `expected ${describe(schema)}${got(failure)}` })

const range: Explainer = (failure, schema) => {
  const { minimum, maximum } = schema as { minimum?: number, maximum?: number }
  const limit = failure.error.params['limit'] as number
  const wanted = {
    minimum: `at least ${limit}`,
    maximum: `at most ${limit}`,
    exclusiveMinimum: `more than ${limit}`,
    exclusiveMaximum: `less than ${limit}`
  }[failure.error.keyword]
  const both = minimum !== undefined && maximum !== undefined
  return { message: `expected ${both ? describe(schema) : schema.expected ?? wanted}${got(failure)}` }
}

const count = (noun: string, plural: string): Explainer => ({ error }, schema) => {
  const limit = error.params['limit'] as number
  const least = error.keyword.startsWith('min')
  if (schema.expected !== undefined) return { message: `expected ${schema.expected}` }
  if (least && limit === 1) return { message: noun === 'character' ? 'must not be empty' : `needs at least one ${noun}` }
  return { message: `${least ? 'needs at least' : 'can have at most'} ${limit} ${limit === 1 ? noun : plural}` }
}

const unknownKeyword: Explainer = ({ error }) => ({ message: `does not fit "${error.keyword}": ${JSON.stringify(error.schema)}` })

const explainers: Record<string, Explainer> = {
  if: () => undefined,
  type: (failure, schema) => ({
    message: `expected ${describe(schema)}${got(failure)}`,
    hint: hintForType(failure.error.data, schema, failure.secret)
  }),
  noFit: (failure, schema) => {
    const branches = schema['noFit'] as JsonSchema[]
    // Units first: a bare number is far more often a duration without its unit than a word without its quotes.
    const byLikelihood = branches.toSorted((a, b) => Number(b.unit !== undefined) - Number(a.unit !== undefined))
    const hints = byLikelihood.map(branch => hintForType(failure.error.data, branch, failure.secret))
    return {
      message: `expected ${schema.expected ?? describeAny(branches)}${got(failure)}`,
      hint: hints.find(hint => hint !== undefined)
    }
  },
  additionalProperties: ({ error, pointer }, schema) => {
    const key = String(error.params['additionalProperty'])
    return { pointer: child(pointer, key), at: 'key', message: `unknown key ${show(key)}`, hint: hintForKey(key, schema) }
  },
  required: ({ error }) => ({ at: 'key', message: `missing key "${error.params['missingProperty']}"` }),
  dependentRequired: ({ error }) => ({
    at: 'key',
    message: `"${error.params['property']}" needs "${error.params['missingProperty']}" beside it`
  }),
  enum: (failure, schema) => ({
    ...wrongValue(failure, schema)!,
    hint: failure.secret ? undefined : similarWord(failure.error.data, schema.enum ?? [])
  }),
  const: wrongValue,
  format: wrongValue,
  minimum: range,
  maximum: range,
  exclusiveMinimum: range,
  exclusiveMaximum: range,
  multipleOf: (failure) => ({ message: `expected a multiple of ${failure.error.params['multipleOf']}${got(failure)}` }),
  minLength: count('character', 'characters'),
  maxLength: count('character', 'characters'),
  minItems: count('item', 'items'),
  maxItems: count('item', 'items'),
  minProperties: count('key', 'keys'),
  maxProperties: count('key', 'keys'),
  pattern: (failure, schema) => ({
    message: `expected ${schema.expected ?? `text like ${failure.error.params['pattern']}`}${got(failure)}`
  }),
  uniqueItems: ({ error, pointer }) => {
    const [i, j] = [Number(error.params['i']), Number(error.params['j'])]
    return { pointer: child(pointer, Math.max(i, j)), message: `repeats item ${Math.min(i, j) + 1} of the list` }
  },
  propertyNames: ({ error, pointer }, schema) => {
    const key = String(error.params['propertyName'])
    const names = schema['propertyNames'] as JsonSchema
    const wanted = names.expected ?? (names['pattern'] === undefined ? describe(names) : `a name like ${names['pattern'] as string}`)
    return { pointer: child(pointer, key), at: 'key', message: `expected ${wanted}, got ${show(key)}` }
  },
  unit: (failure, schema) => {
    const { atLeast, atMost, tooMuch } = failure.error.params as { atLeast?: string, atMost?: string, tooMuch?: string }
    const limit = atLeast !== undefined ? `at least ${atLeast}` : atMost !== undefined ? `at most ${atMost}` : tooMuch
    if (limit !== undefined) return { message: `expected ${limit}${got(failure)}` }
    return {
      message: `expected ${describe(schema)}${got(failure)}`,
      hint: hintForType(failure.error.data, schema, failure.secret) ?? unitHint(schema)
    }
  },
  anyOf: (failure) => {
    const branches = failure.error.schema as JsonSchema[]
    const words = branches.flatMap((branch) => branch.enum ?? [])
    return {
      message: `expected ${describeAny(branches)}${got(failure)}`,
      hint: failure.secret ? undefined : similarWord(failure.error.data, words)
    }
  },
  'false schema': () => ({ message: 'is not possible here' }),
  not: () => ({ message: 'is not possible here' })
}

function got ({ error, secret }: Failure): string {
  return secret ? '' : `, got ${show(error.data)}`
}

function hintForKey (key: string, schema: JsonSchema): string | undefined {
  const known = Object.keys(schema.properties ?? {})
  const peer = peerHint(key, known)
  if (peer !== undefined) return peer
  const similar = nearest(key, known)
  if (similar !== undefined) return `did you mean "${similar}"?`
  if (known.length > 0) return `expected ${known.length === 1 ? '' : 'one of '}${listed(known)}`
  const patterns = Object.keys(schema.patternProperties ?? {}).filter((pattern) => pattern !== '^x-')
  return patterns.length > 0 ? `expected a name like ${patterns.join(' or ')}` : undefined
}

function similarWord (value: unknown, words: readonly unknown[]): string | undefined {
  if (typeof value !== 'string') return undefined
  const known = words.map(String)
  const peer = peerHint(value, known)
  if (peer !== undefined) return peer
  const similar = nearest(value, known)
  return similar === undefined ? undefined : `did you mean "${similar}"?`
}

function unitHint (schema: JsonSchema): string | undefined {
  return schema.unit && `write it like ${units[schema.unit].examples.map((text) => `"${text}"`).join(', ')}`
}
