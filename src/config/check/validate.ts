/** Validates values against schemas and explains what is wrong. */
import type { ErrorObject } from 'ajv'
import type { TSchema } from '#typebox'
import { explain } from './explain-error.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { isSecret, jsonType } from '../schema/json-schema.ts'
import { nearest } from './nearest.ts'
import { child } from '../pointer.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { checkOrder } from './order.ts'
import { withoutFollowUps } from './problem.ts'
import type { Problem } from './problem.ts'
import { validatorOf } from './validator.ts'

/** A validated copy of a value, and everything that is wrong with it. With errors the copy is incomplete and fit only to be shown. */
export interface Validated {
  readonly value: unknown
  readonly problems: Problem[]
}

/**
 * Copies `value` with defaults filled in, with durations, sizes and rates as numbers, and without the `x-*` keys of closed mappings.
 * The result must not be validated again, because its quantities are numbers already.
 * @param pointer the place of `value` in the document
 * @param secrets pointers of values that are never part of a message, in addition to those under a schema with `secret: true`
 * @throws Error for a schema that is itself invalid
 */
export function validate (schema: TSchema, value: unknown, pointer = '', secrets: ReadonlySet<string> = new Set()): Validated {
  // The parent makes it possible to replace the root too, by a default or by the number that its text means.
  const box = { value: structuredClone(value === undefined ? (schema as JsonSchema)['default'] : value) }
  const validator = validatorOf(schema)
  const context = {
    instancePath: '',
    parentData: box,
    parentDataProperty: 'value',
    rootData: box as Record<string, unknown>,
    dynamicAnchors: {}
  }
  if (validator(box.value, context)) {
    return { value: box.value, problems: checkOrder(schema as JsonSchema, value, box.value, pointer) }
  }
  const problems = relevant(validator.errors ?? []).map((error) => {
    const at = pointer + error.instancePath
    const secret = secrets.has(at) || isSecret(schemaOf(error) ?? {}, error.data)
    return explain({ error, pointer: at, secret })
  })
  return { value: box.value, problems: withoutFollowUps(problems.filter((problem) => problem !== undefined)) }
}

/** Items of a list that are validated together with the rest of the file. */
const fewItems = 100

/** Validates the value of a whole file in steps: each further item of a long list at its root is one. */
export function * validateFile (schema: TSchema, value: Readonly<Record<string, unknown>>, secrets: ReadonlySet<string>): Steps<Validated> {
  const properties = (schema as JsonSchema).properties ?? {}
  const isLong = (key: string, list: unknown): boolean => {
    return Array.isArray(list) && list.length > fewItems && properties[key]?.items !== undefined
  }
  const long = Object.entries(value).flatMap(([key, list]) => isLong(key, list) ? [[key, list as unknown[]] as const] : [])
  const shortened = Object.fromEntries(long.map(([key, list]) => [key, list.slice(0, fewItems)]))
  const first = validate(schema, { ...value, ...shortened }, '', secrets)
  const { problems } = first
  for (const [key, list] of long) {
    const kept = (first.value as Record<string, unknown[]>)[key]!
    for (let index = fewItems; index < list.length; index++) {
      yield
      const item = validate(properties[key]!.items as TSchema, list[index], child(child('', key), index), secrets)
      kept.push(item.value)
      problems.push(...item.problems)
    }
  }
  return { value: first.value, problems }
}

function schemaOf (error: ErrorObject): JsonSchema | undefined {
  return error.parentSchema
}

/** The errors that are no consequence of another one. */
function relevant (errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const chosen = chooseBranches(errors)
  const unknown = chosen.filter((error) => error.keyword === 'additionalProperties')
  return chosen.filter((error) => {
    // An error about a name inside a mapping repeats the one about `propertyNames`.
    if (error.propertyName !== undefined && error.keyword !== 'propertyNames') return false
    if (error.keyword !== 'required') return true
    // "ulr" is unknown and "url" is missing: this is one problem.
    const missing = String(error.params['missingProperty'])
    const isMisspelt = (key: unknown): boolean => nearest(String(key), [missing]) !== undefined
    return !unknown.some(other => other.instancePath === error.instancePath && isMisspelt(other.params['additionalProperty']))
  })
}

/** For each failed `anyOf`, keeps the errors of the best branch where the value is a list or mapping, and a single error elsewhere. */
function chooseBranches (errors: readonly ErrorObject[]): readonly ErrorObject[] {
  // The outermost one is last: the error of a union comes after those of its branches.
  const union = errors.findLast((error) => error.keyword === 'anyOf')
  if (union === undefined) return errors
  const inside = errors.filter((error) => isInside(error, union))
  const outside = errors.filter((error) => error !== union && !isInside(error, union))
  const type = jsonType(union.data)
  if (type !== 'object' && type !== 'array') return [...chooseBranches(outside), union]
  const branches = Map.groupBy(inside, (error) => error.schemaPath.slice(union.schemaPath.length + 1).split('/', 1)[0])
  const best = [...branches.values()].reduce((a, b) => b.length < a.length ? b : a, inside)
  return [...chooseBranches(outside), ...chooseBranches(best)]
}

function isInside (error: ErrorObject, union: ErrorObject): boolean {
  return error.schemaPath.startsWith(`${union.schemaPath}/`) && `${error.instancePath}/`.startsWith(`${union.instancePath}/`)
}
