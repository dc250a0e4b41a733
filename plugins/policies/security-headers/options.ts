/** The options of the policy and their checks. */

import Type, { type Static, type TUnsafe } from '#typebox'
import { Enum, type Report, TimeSpan } from '../../../src/index.ts'
import { safeHeaderValue } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'

const strict = { additionalProperties: false } as const

/** A header field with its value, or `off`. */
const field = (value: string, description: string): TUnsafe<string> => Type.Unsafe<string>(
  Type.String({ default: value, minLength: 1, description: `${description} \`off\` leaves it out.` })
)

export const SecurityHeadersSchema = Type.Object({
  strictTransportSecurity: Type.Object({
    maxAge: TimeSpan({ default: '365d', description: 'How long browsers use only https; `0s` omits the field.' }),
    includeSubDomains: Type.Boolean({ default: true, description: 'Whether it applies to all subdomains.' }),
    preload: Type.Boolean({ default: false, description: 'Whether browsers may preload it (hstspreload.org).' })
  }, { ...strict, default: {}, description: 'Strict-Transport-Security (RFC 6797).' }),
  contentTypeOptions: field('nosniff', 'X-Content-Type-Options.'),
  frameOptions: field('DENY', 'X-Frame-Options, for browsers that do not know `frame-ancestors`.'),
  referrerPolicy: field('strict-origin-when-cross-origin', 'Referrer-Policy.'),
  crossOriginOpenerPolicy: field('same-origin', 'Cross-Origin-Opener-Policy.'),
  crossOriginResourcePolicy: field('same-site', 'Cross-Origin-Resource-Policy.'),
  contentSecurityPolicy: Type.Optional(Type.String({
    minLength: 1,
    description: 'Content-Security-Policy.',
    examples: ['default-src \'self\'; frame-ancestors \'none\'']
  })),
  permissionsPolicy: Type.Optional(Type.String({
    minLength: 1,
    description: 'Permissions-Policy.',
    examples: ['camera=(), microphone=()']
  })),
  remove: Type.Array(
    Type.String({ pattern: '^[A-Za-z0-9-]+$', expected: 'the name of a header field' }),
    {
      default: ['server', 'x-powered-by', 'x-aspnet-version', 'x-aspnetmvc-version'],
      description: 'Header fields of the upstream that are removed.'
    }
  ),
  upstream: Enum(['wins', 'loses'], { default: 'wins', description: 'Whether a value of the upstream is kept or replaced.' })
}, strict)

export type SecurityHeadersOptions = Static<typeof SecurityHeadersSchema>

/** Checks that values are valid in header fields. */
export function checkSecurityHeaders (options: SecurityHeadersOptions, report: Report): void {
  for (const [key, value] of Object.entries(options)) {
    if (typeof value === 'string' && safeHeaderValue(value) === undefined) {
      report({ pointer: child('', key), message: 'this cannot be the value of a header field' })
    }
  }
  const { maxAge, includeSubDomains, preload } = options.strictTransportSecurity
  if (preload && (maxAge < 31_536_000_000 || !includeSubDomains)) {
    report({
      pointer: '/strictTransportSecurity/preload',
      severity: 'warning',
      message: 'has no effect: the lists ask for a year or more and for all hosts below'
    })
  }
}
