/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { type Report, Size } from '../../../src/index.ts'
import { problemsOfSchema } from './body-schema.ts'

export const BodyValidationSchema = Type.Object({
  schema: Type.Unsafe<Readonly<Record<string, unknown>>>({
    type: 'object',
    description: 'JSON Schema (draft-07) that the body must match. It is written here; `include` or a YAML anchor can refer to it.',
    examples: [{ type: 'object', required: ['name'] }]
  }),
  required: Type.Boolean({ default: true, description: 'Whether a request of `methods` must have a body.' }),
  methods: Type.Array(
    Type.String({ pattern: '^[A-Z]+$', expected: 'a method in capitals' }),
    { default: ['POST', 'PUT', 'PATCH'], minItems: 1, description: 'Methods whose bodies are validated. Other requests pass.' }
  ),
  maxBody: Size({
    default: '1mib',
    maximum: '64mib',
    description: 'Largest body that is read; a larger one is rejected with 413. It is kept in memory until it is sent.'
  })
}, { additionalProperties: false })

export type BodyValidationOptions = Static<typeof BodyValidationSchema>

/** Checks that the schema is valid. */
export function checkBodyValidation ({ schema }: BodyValidationOptions, report: Report): void {
  for (const problem of problemsOfSchema(schema)) report({ ...problem, pointer: `/schema${problem.pointer}` })
}
