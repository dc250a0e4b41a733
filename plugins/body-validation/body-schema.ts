/** A JSON Schema as a function that says what is wrong with a body. */

import { Ajv } from 'ajv'
import { refuseRegex } from '../../src/config/safe-regex.ts'

/** One mistake of a body. */
export interface BodyError {
  /** Where, as RFC 6901 pointer; '' is the whole body. */
  readonly pointer: string
  /** What the schema asks for there; nothing of what the client sent. */
  readonly message: string
}

/** Most mistakes that are told: a long list helps nobody and is work that a client can ask for. */
const most = 20

/**
 * Compiles a schema. Formats are not looked at.
 * @throws Error where it is not a schema, or one whose check a client could make long
 */
export function compileBody (schema: object): (body: unknown) => readonly BodyError[] {
  refuseSlow(schema)
  const validate = new Ajv({ allErrors: false, strict: true, strictRequired: false, strictTypes: false, validateFormats: false, allowUnionTypes: true }).compile(schema)
  return body => validate(body) ? [] : (validate.errors ?? []).slice(0, most).map(error => ({ pointer: pointerOf(error), message: error.message ?? 'is not valid' }))
}

/** A missing or unknown member is named where it would stand. */
function pointerOf ({ instancePath, params }: { readonly instancePath: string, readonly params: Readonly<Record<string, unknown>> }): string {
  const missing = params['missingProperty']
  return typeof missing === 'string' ? `${instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath
}

/** Expressions must be linear, and only short lists may be compared all with all. */
function refuseSlow (schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return
  const { pattern, patternProperties, uniqueItems, maxItems } = schema as Readonly<Record<string, unknown>>
  const sources = [...typeof pattern === 'string' ? [pattern] : [], ...typeof patternProperties === 'object' && patternProperties !== null ? Object.keys(patternProperties) : []]
  for (const source of sources) {
    const refusal = refuseRegex(source, 1)
    if (refusal !== undefined) throw new Error(refusal.error)
  }
  if (uniqueItems === true && !(typeof maxItems === 'number' && maxItems <= mostCompared)) throw new Error(`uniqueItems needs a maxItems of at most ${mostCompared} beside it: all items are compared with each other`)
  for (const inner of Object.values(schema)) refuseSlow(inner)
}

const mostCompared = 1000
