/** Header fields that tell the upstream who the client is, made from its claims. */

import Type, { type Static } from '#typebox'
import type { Report } from '../contract/plugin.ts'
import type { Claims } from '../contract/authentication.ts'
import { child } from '../config/pointer.ts'
import { safeHeaderValue, textAt } from '../http/header-template.ts'
import { hopByHopHeaders } from '../http/hop-by-hop.ts'

/** The option `identityHeaders` of a policy: claims by the names of the fields that they become. */
export const IdentityHeadersSchema = Type.Record(Type.String(), Type.String({ minLength: 1 }), {
  default: {},
  description: 'Fields for the upstream: names, each with the claim that becomes its value, or the path of one (`address.country`). No ' +
    'client can send them, on no route.',
  examples: [{ 'x-user-id': 'sub' }]
})

export type IdentityHeaders = Static<typeof IdentityHeadersSchema>

/** A header name (RFC 9110 §5.6.2). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** Fields that frame the message, belong to the connection, or are credentials that clients send. */
const unfit: ReadonlySet<string> = new Set([...hopByHopHeaders, 'content-length', 'host', 'expect', 'via', 'authorization', 'cookie'])

/** What is wrong with a name under which the gateway alone is to tell the upstream something; undefined when nothing is. */
export function ownedFieldProblem (name: string): string | undefined {
  if (!token.test(name)) return `"${name}" is not a header name`
  return unfit.has(name.toLowerCase())
    ? `must not be "${name}": the field has another meaning, and the clients' own would be taken out`
    : undefined
}

/** Reports names that cannot be given to upstreams; for `checkOptions`. */
export function checkIdentityHeaders (headers: IdentityHeaders, report: Report): void {
  for (const name of Object.keys(headers)) {
    const problem = ownedFieldProblem(name)
    if (problem !== undefined) report({ pointer: child('/identityHeaders', name), message: problem, at: 'key' })
  }
}

/** The names, in lower case; for `config.sets`. */
export function identityFieldNames (headers: IdentityHeaders): string[] {
  return Object.keys(headers).map(name => name.toLowerCase())
}

/**
 * Compiles the option to a function that makes the `fields` of a verdict. A claim that is absent, is no text, number, boolean or
 * list of these, or cannot be the value of a field as it is, is left out. Undefined where the option is empty.
 */
export function compileIdentityHeaders (headers: IdentityHeaders): ((claims: Claims) => readonly string[]) | undefined {
  const rules = Object.entries(headers).map(([name, path]) => ({ name: name.toLowerCase(), path }))
  if (rules.length === 0) return undefined
  return claims => {
    const fields: string[] = []
    for (const { name, path } of rules) {
      const text = textAt(claims, path)
      const value = text === undefined ? undefined : safeHeaderValue(text)
      if (value !== undefined) fields.push(name, value)
    }
    return fields
  }
}
