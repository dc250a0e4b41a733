/** Checks a value against a schema, and says what is wrong in words. */
import type { ErrorObject } from 'ajv'
import type { TSchema } from 'typebox'
import { explain } from './explain-error.ts'
import type { JsonSchema } from '../schema/json-schema.ts'
import { jsonType } from '../schema/json-schema.ts'
import { nearest } from './nearest.ts'
import { child } from '../pointer.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { checkOrder } from './order.ts'
import { withoutFollowUps } from './problem.ts'
import type { Problem } from './problem.ts'
import { validatorOf } from './validator.ts'

/**
 * A copy of `value` with defaults filled in, durations, sizes and rates as numbers, and `x-*` keys of closed mappings gone;
 * and all that is wrong with it, each once. With errors the copy is half done and good for nothing but showing.
 *
 * `pointer` is where `value` stands in the document. A value at one of `secrets`, or under a schema with `secret: true`, is
 * never part of a message. A value that went through here once must not go through again: its units are numbers already.
 * Throws for a schema that is itself wrong.
 */
export function validate (schema: TSchema, value: unknown, pointer = '', secrets: ReadonlySet<string> = new Set()): { value: unknown, problems: Problem[] } {
  // A parent lets also the root be replaced, by a default or by what its text means.
  const box = { value: structuredClone(value === undefined ? (schema as JsonSchema)['default'] : value) }
  const validator = validatorOf(schema)
  if (validator(box.value, { instancePath: '', parentData: box, parentDataProperty: 'value', rootData: box as Record<string, unknown>, dynamicAnchors: {} })) {
    return { value: box.value, problems: checkOrder(schema as JsonSchema, value, box.value, pointer) }
  }
  const problems = relevant(validator.errors ?? []).map((error) => {
    const at = pointer + error.instancePath
    const secret = secrets.has(at) || schemaOf(error)?.secret === true
    return explain({ error, pointer: at, secret })
  })
  return { value: box.value, problems: withoutFollowUps(problems.filter((problem) => problem !== undefined)) }
}

/** Items of a list that are checked together with the rest. */
const fewItems = 100

/** The same for the value of a whole file, in steps: each further item of a long list at its root is one. */
export function * validateFile (schema: TSchema, value: Readonly<Record<string, unknown>>, secrets: ReadonlySet<string>): Steps<{ value: unknown, problems: Problem[] }> {
  const properties = (schema as JsonSchema).properties ?? {}
  const long = Object.entries(value).flatMap(([key, list]) => Array.isArray(list) && list.length > fewItems && properties[key]?.items !== undefined ? [[key, list as unknown[]] as const] : [])
  const first = validate(schema, { ...value, ...Object.fromEntries(long.map(([key, list]) => [key, list.slice(0, fewItems)])) }, '', secrets)
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

/** Without what follows from another error. */
function relevant (errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const chosen = chooseBranches(errors)
  const unknown = chosen.filter((error) => error.keyword === 'additionalProperties')
  return chosen.filter((error) => {
    // The names inside a mapping: the error about `propertyNames` itself has all that is needed.
    if (error.propertyName !== undefined && error.keyword !== 'propertyNames') return false
    if (error.keyword !== 'required') return true
    // "ulr" is unknown and "url" is missing: one mistake.
    const missing = String(error.params['missingProperty'])
    return !unknown.some((other) => other.instancePath === error.instancePath && nearest(String(other.params['additionalProperty']), [missing]) !== undefined)
  })
}

/** For each `anyOf` that was left: of a list or mapping the errors of the branch that fits best, of anything else one error. */
function chooseBranches (errors: readonly ErrorObject[]): readonly ErrorObject[] {
  // The outermost first: its own errors come after those of its branches.
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
