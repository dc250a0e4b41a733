/** A JSON Schema as a function that says what is wrong with a body. */

import { Ajv } from 'ajv'
import { schemaMistakes, type SchemaMistake } from './schema-errors.ts'

/** One mistake of a body. */
export interface BodyError {
  /** Where, as RFC 6901 pointer; '' is the whole body. */
  readonly pointer: string
  /** What the schema asks for there; nothing of what the client sent. */
  readonly message: string
}

/** Most mistakes that are told: a long list helps nobody and is work that a client can ask for. */
const most = 20

/** Formats are not looked at. */
const createAjv = (): Ajv => new Ajv({
  allErrors: false,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  validateFormats: false,
  allowUnionTypes: true
})

/** What is wrong with a schema, among it what a client could make slow; nothing where it can be compiled. */
export function mistakesOfSchema (schema: object): readonly SchemaMistake[] {
  return schemaMistakes(schema, createAjv())
}

/** Compiles a schema without mistakes. */
export function compileBody (schema: object): (body: unknown) => readonly BodyError[] {
  const validate = createAjv().compile(schema)
  return body => validate(body) ? [] : (validate.errors ?? []).slice(
    0,
    most
  ).map(error => ({ pointer: pointerOf(error), message: error.message ?? 'is not valid' }))
}

/** A missing or unknown member is named where it would stand. */
function pointerOf ({ instancePath, params }: {
  readonly instancePath: string,
  readonly params: Readonly<Record<string,
  unknown>>
}): string {
  const missing = params['missingProperty']
  return typeof missing === 'string' ? `${instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath
}
