/** Compiles the options to header fields to set and to remove. */

import type { SecurityHeadersOptions } from './options.ts'

export interface SecurityFields {
  readonly set: readonly (readonly [name: string, value: string])[]
  readonly remove: readonly string[]
}

/** Compiles the options, once for all responses. */
export function compileSecurityHeaders (options: SecurityHeadersOptions): SecurityFields {
  const { maxAge, includeSubDomains, preload } = options.strictTransportSecurity
  const seconds = Math.floor(maxAge / 1000)
  const hsts = seconds === 0 ? undefined : [
    `max-age=${seconds}`,
    includeSubDomains ? 'includeSubDomains' : '',
    preload ? 'preload' : ''
  ].filter(part => part !== '').join('; ')
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['strict-transport-security', hsts],
    ['x-content-type-options', options.contentTypeOptions],
    ['x-frame-options', options.frameOptions],
    ['referrer-policy', options.referrerPolicy],
    ['cross-origin-opener-policy', options.crossOriginOpenerPolicy],
    ['cross-origin-resource-policy', options.crossOriginResourcePolicy],
    ['content-security-policy', options.contentSecurityPolicy],
    ['permissions-policy', options.permissionsPolicy]
  ]
  return {
    set: fields.filter((field): field is readonly [string, string] => field[1] !== undefined && field[1] !== 'off'),
    remove: options.remove.map(name => name.toLowerCase())
  }
}
