/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import type { Report } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'

const Scalar = Type.Union([Type.String(), Type.Number(), Type.Boolean()], { expected: 'text, a number or a boolean' })

const Condition = Type.Union([
  Type.String(),
  Type.Number(),
  Type.Boolean(),
  Type.Array(Scalar, { minItems: 1 }),
  Type.Object({
    contains: Type.Optional(Type.Union([Scalar, Type.Array(Scalar, { minItems: 1 })], { expected: 'a value or a list of values' })),
    present: Type.Optional(Type.Literal(true))
  }, { additionalProperties: false, minProperties: 1, maxProperties: 1 })
], { expected: 'a value, a list of values, { contains: VALUE } or { present: true }' })

export const RequireClaimsSchema = Type.Object({
  scopes: Type.Array(
    Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }),
    {
      default: [],
      uniqueItems: true,
      description: 'Scopes that the client must have, all of them; otherwise the response is 403 `insufficient-scope`. They are read ' +
        'from the claims `scope`, `scp` and `permissions`.',
      examples: [['orders:write']]
    }
  ),
  claims: Type.Record(Type.String(), Condition, {
    default: {},
    description: 'Claims, or paths of claims, each with its condition: a value, one of a list, `{ contains: VALUE }` where the claim is ' +
      'a list, `{ contains: [VALUE, …] }` for one of several in it, or `{ present: true }`. All must hold; 403 `forbidden` otherwise.',
    examples: [{ role: 'admin', tenant: ['a', 'b'], 'realm_access.roles': { contains: 'editor' } }]
  })
}, { additionalProperties: false })

export type RequireClaimsOptions = Static<typeof RequireClaimsSchema>

/** What a claim must be. */
export type ClaimCondition = RequireClaimsOptions['claims'][string]

/** Checks what the schema cannot express. */
export function checkRequireClaims ({ scopes, claims }: RequireClaimsOptions, report: Report): void {
  const paths = Object.keys(claims)
  if (scopes.length === 0 && paths.length === 0) report({ pointer: '', message: 'asks for nothing: it needs scopes or claims' })
  for (const path of paths) {
    const problem = pathProblem(path)
    if (problem !== undefined) report({ pointer: child('/claims', path), at: 'key', ...problem })
  }
}

function pathProblem (path: string): { readonly message: string, readonly hint?: string } | undefined {
  const variable = /^\$?\{?(?:claims\.)(.+?)\}?$/.exec(path)
  if (variable !== null) return { message: `"${path}" is not the path of a claim`, hint: variable[1]! }
  if (path.trim() !== path || path.split('.').includes('')) {
    return { message: `"${path}" is not the path of a claim: names with one dot between them` }
  }
  if (['scope', 'scp', 'permissions'].includes(path)) return { message: `"${path}" is read word by word`, hint: 'scopes' }
  return undefined
}
