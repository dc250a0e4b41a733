/** Compiles a JSON Schema to a function that returns the problems of a body. */

import { Ajv } from 'ajv'
import { schemaProblems, type SchemaProblem } from './schema-errors.ts'

/** One problem of a body. */
export interface BodyError {
  /** Where, as RFC 6901 pointer; '' is the whole body. */
  readonly pointer: string
  /** What the schema requires there. Contains no data of the client. */
  readonly message: string
}

/** The most problems in a response. It bounds the work that a client can cause. */
const most = 20

/** `format` is not checked. */
const createAjv = (): Ajv => new Ajv({
  allErrors: false,
  strict: true,
  strictRequired: false,
  strictTypes: false,
  validateFormats: false,
  allowUnionTypes: true
})

/** The problems of a schema, including what a client could make slow; empty where it can be compiled. */
export function problemsOfSchema (schema: object): readonly SchemaProblem[] {
  return schemaProblems(schema, createAjv())
}

/** Compiles a schema without problems. */
export function compileBody (schema: object): (body: unknown) => readonly BodyError[] {
  const validate = createAjv().compile(schema)
  return body => {
    if (validate(body)) return []
    const errors = (validate.errors ?? []).slice(0, most)
    return errors.map(error => ({ pointer: pointerOf(error), message: error.message ?? 'is not valid' }))
  }
}

/** A missing or unknown member is reported at its own place. */
function pointerOf ({ instancePath, params }: {
  readonly instancePath: string,
  readonly params: Readonly<Record<string,
  unknown>>
}): string {
  const missing = params['missingProperty']
  return typeof missing === 'string' ? `${instancePath}/${missing.replaceAll('~', '~0').replaceAll('/', '~1')}` : instancePath
}
