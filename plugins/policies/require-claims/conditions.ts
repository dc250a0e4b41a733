/** Conditions on claims, compiled to a function that finds the first that does not hold. */

import { type Claims, lookUp } from '../../../src/index.ts'
import type { ClaimCondition } from './options.ts'

/**
 * Returns what does not hold, for `explain` and the log, in text of the configuration, never of the client.
 * Undefined when all conditions hold.
 */
export type FindFailure = (claims: Claims) => string | undefined

interface Rule {
  readonly path: string
  readonly holds: (value: unknown) => boolean
  readonly failure: string
}

/** Values are compared with their type: the string "1" is not the number 1. */
export function compileConditions (conditions: Readonly<Record<string, ClaimCondition>>): FindFailure {
  const rules = Object.entries(conditions).map(([path, condition]) => compile(path, condition))
  return claims => rules.find(({ path, holds }) => !holds(lookUp(claims, path)))?.failure
}

function compile (path: string, condition: ClaimCondition): Rule {
  if (Array.isArray(condition)) {
    const values = new Set<unknown>(condition)
    return { path, holds: value => values.has(value), failure: `claim ${path} is none of ${condition.map(show).join(', ')}` }
  }
  if (typeof condition !== 'object') {
    return { path, holds: value => value === condition, failure: `claim ${path} is not ${show(condition)}` }
  }
  const { contains } = condition
  if (contains === undefined) return { path, holds: value => value !== undefined && value !== null, failure: `claim ${path} is absent` }
  // Not for a string: "administrator" contains "admin".
  const wanted: readonly unknown[] = [contains].flat()
  return {
    path,
    holds: value => Array.isArray(value) && wanted.some(one => value.includes(one)),
    failure: `claim ${path} is no list that contains ${wanted.map(show).join(' or ')}`
  }
}

function show (value: unknown): string {
  return JSON.stringify(value)
}
