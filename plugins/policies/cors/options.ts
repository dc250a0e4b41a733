/** The options of the policy and their checks. */

import Type, { type Static } from '#typebox'
import { Duration, type Report } from '../../../src/index.ts'
import { child } from '../../../src/config/index.ts'
import { originProblem } from '../../../src/http/index.ts'

/** A token (RFC 9110 §5.6.2): names of methods and fields. */
const token = '^[!#$%&\'*+.^_`|~0-9A-Za-z-]+$'

export const CorsSchema = Type.Object({
  origins: Type.Array(Type.String({ minLength: 1 }), {
    minItems: 1,
    description: 'Origins whose pages may use the route: `https://app.example.com`, `https://*.example.com` for every host below, ' +
      '`http://localhost:*` for every port of the local machine (also 127.0.0.1 and [::1]), `capacitor://localhost` and the like for ' +
      'apps, or `*` for all.',
    examples: [['https://app.example.com', 'https://*.example.com']]
  }),
  methods: Type.Array(
    Type.String({ pattern: token, expected: 'the name of a method' }),
    { default: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'], minItems: 1, description: 'Methods that web pages may use.' }
  ),
  headers: Type.Union([Type.Literal('any'), Type.Array(Type.String({ pattern: token, expected: 'the name of a header field' }))], {
    default: 'any',
    expected: 'a list of header fields, or any',
    description: 'Request header fields that web pages may send, or `any` for all that they ask for.'
  }),
  exposed: Type.Array(
    Type.String({ pattern: token, expected: 'the name of a header field' }),
    {
      default: [],
      description: 'Response header fields that web pages may read, in addition to those that are always readable.',
      examples: [['x-request-id', 'ratelimit']]
    }
  ),
  credentials: Type.Boolean({
    default: false,
    description: 'Whether the browser may send cookies and other credentials. Not with origin `*`.'
  }),
  maxAge: Duration({ default: '10m', maximum: '1d', description: 'How long a browser may cache the response to a preflight.' }),
  privateNetwork: Type.Boolean({
    default: false,
    description: 'Whether pages of public sites may reach this gateway in a private network (Access-Control-Request-Private-Network).'
  })
}, { additionalProperties: false })

export type CorsOptions = Static<typeof CorsSchema>

/**
 * Checks what the schema cannot express: origins are valid, and credentials are not allowed for all origins (Fetch §3.3.5).
 */
export function checkCorsOptions ({ origins, credentials }: CorsOptions, report: Report): void {
  for (const [index, origin] of origins.entries()) {
    const problem = originProblem(origin)
    if (problem !== undefined) report({ pointer: child('/origins', index), message: problem })
  }
  if (!origins.includes('*')) return
  if (credentials) {
    report({
      pointer: '/credentials',
      message: 'cannot be true for origin "*": every page could act in the name of its visitors',
      hint: 'name the origins'
    })
  }
  if (origins.length > 1) {
    report({ severity: 'warning', pointer: '/origins', message: '"*" lets every origin in, so the others say nothing' })
  }
}
