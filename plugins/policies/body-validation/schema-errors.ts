/** Finds the problems of a configured JSON Schema, with their places. */

import type { Ajv } from 'ajv'
import { child, nearest, refuseRegex, steps } from '../../../src/config/index.ts'
import * as ajvKeywords from '../../../src/internals/ajv-keywords.ts'

/** One problem of a schema. */
export interface SchemaProblem {
  /** RFC 6901, within the schema. */
  readonly pointer: string
  readonly message: string
  readonly hint?: string
  /** A key that should not be there. */
  readonly at?: 'key'
}

/** The longest list whose items may all be compared with each other. */
const mostCompared = 1000

/** Keywords whose members have names that the author chooses, and schemas as values. */
const named: ReadonlySet<string> = new Set(['properties', 'patternProperties', 'definitions', '$defs', 'dependencies'])

/** Keywords whose values are data. */
const data: ReadonlySet<string> = new Set(['enum', 'const', 'default', 'examples'])

/** All problems of a schema (JSON Schema draft-07), including what a client could make slow. */
export function schemaProblems (schema: object, ajv: Ajv): readonly SchemaProblem[] {
  const problems = [...slowPlaces(schema), ...badValues(schema, ajv), ...unknownKeywords(schema, ajv)]
  if (problems.length > 0) return problems
  try {
    ajv.compile(schema)
    return []
  } catch (error) {
    return [{ pointer: '', message: `cannot be used: ${(error as Error).message}` }]
  }
}

/** Calls `visit` for a schema and every schema within it. */
function walk (schema: unknown, pointer: string, visit: (schema: Readonly<Record<string, unknown>>, pointer: string) => void): void {
  if (Array.isArray(schema)) for (const [index, item] of schema.entries()) walk(item, child(pointer, index), visit)
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return
  visit(schema as Readonly<Record<string, unknown>>, pointer)
  for (const [keyword, value] of Object.entries(schema)) {
    if (data.has(keyword)) continue
    if (!named.has(keyword)) walk(value, child(pointer, keyword), visit)
    else if (typeof value === 'object' && value !== null) for (const [name, inner] of Object.entries(value)) walk(
      inner,
      child(child(pointer, keyword), name),
      visit
    )
  }
}

/** Regular expressions must be linear, and `uniqueItems` needs a short list. */
function slowPlaces (schema: object): SchemaProblem[] {
  const problems: SchemaProblem[] = []
  walk(schema, '', ({ pattern, patternProperties, uniqueItems, maxItems }, pointer) => {
    const refuse = (source: string, place: string, at?: 'key'): void => {
      const refusal = refuseRegex(source, 1)
      if (refusal !== undefined) problems.push({ pointer: place, message: refusal.error, ...(at === undefined ? {} : { at }) })
    }
    if (typeof pattern === 'string') refuse(pattern, child(pointer, 'pattern'))
    if (typeof patternProperties === 'object' && patternProperties !== null) {
      for (const source of Object.keys(patternProperties)) refuse(source, child(child(pointer, 'patternProperties'), source), 'key')
    }
    if (uniqueItems === true && !(typeof maxItems === 'number' && maxItems <= mostCompared)) {
      problems.push({
        pointer: child(pointer, 'uniqueItems'),
        message: `needs a maxItems of at most ${mostCompared} beside it: all items are compared with each other`
      })
    }
  })
  return problems
}

/** The first problem of each place. Further ones only repeat it for the alternatives. */
function badValues (schema: object, ajv: Ajv): SchemaProblem[] {
  if (ajv.validateSchema(schema) === true) return []
  const places = new Map<string, SchemaProblem>()
  for (const { instancePath: pointer, keyword, message = 'is not valid', params } of ajv.errors ?? []) {
    if (places.has(pointer)) continue
    const allowed = keyword === 'enum' ? (params as { allowedValues: readonly unknown[] }).allowedValues.map(String) : undefined
    const got = steps(pointer).reduce((value: unknown, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], schema)
    const near = allowed === undefined || typeof got !== 'string' ? undefined : nearest(got, allowed)
    places.set(pointer, {
      pointer,
      message: allowed === undefined ? message : `expected one of ${allowed.join(', ')}, got ${JSON.stringify(got)}`,
      ...(near === undefined ? {} : { hint: `did you mean "${near}"?` })
    })
  }
  return [...places.values()]
}

/** An unknown keyword is probably misspelt, and would check nothing. */
function unknownKeywords (schema: object, ajv: Ajv): SchemaProblem[] {
  const problems: SchemaProblem[] = []
  const known = ajvKeywords.keywordsOf(ajv)
  walk(schema, '', (inner, pointer) => {
    for (const keyword of Object.keys(inner)) {
      if (known.has(keyword)) continue
      const near = nearest(keyword, [...known])
      problems.push({
        pointer: child(pointer, keyword),
        at: 'key',
        message: `unknown keyword "${keyword}"`,
        ...(near === undefined ? {} : { hint: `did you mean "${near}"?` })
      })
    }
  })
  return problems
}
