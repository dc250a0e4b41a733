/** What policies that ask a service about clients share: their options, and the response when the service is not available. */

import Type from '#typebox'
import type { Refused } from '../contract/authentication.ts'
import type { GatewayEvents } from '../contract/events.ts'
import type { Report } from '../contract/plugin.ts'
import { refuse } from '../identity/authentication.ts'
import { Duration } from '../config/schema/units.ts'
import { GatewayError } from '../contract/errors.ts'
import { LookupSkipped, type LookupCacheOptions } from './lookup-cache.ts'

const most = { maximum: '1h' }

/** Options of such a policy about its service. */
export const identityServiceKeys = {
  timeout: Duration({
    default: '3s',
    minimum: '1ms',
    ...most,
    description: 'Time from a request to the service until the last byte of its response.'
  }),
  ca: Type.Optional(Type.String({
    description: 'Certificates (PEM) that are trusted instead of the public ones.',
    examples: ['${file:/run/secrets/ca.pem}']
  })),
  breaker: Type.Object({
    failures: Type.Integer({
      default: 5,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Consecutive failures after which the service is not asked for a while: no connection, no complete response in time, '
        + '429, 502, 503 or 504. Other responses, such as 400 or 500 for one credential, are no failures.'
    }),
    openFor: Duration({
      default: '5s',
      minimum: '1ms',
      ...most,
      description: 'How long the service is not asked. Then one request shows whether it is available again.'
    })
  }, { additionalProperties: false, default: {}, description: 'Requests do not wait for a service that does not respond.' })
} as const

/** Reports a URL of a service that is invalid or insecure. */
export function checkServiceUrl (url: string, pointer: string, report: Report): void {
  if (!URL.canParse(url) || !/^https?:\/\/[^/]/i.test(url)) {
    return report({ pointer, message: `must be an absolute http: or https: URL, got "${url}"` })
  }
  const { protocol, hostname, username, password, hash } = new URL(url)
  if (username !== '' || password !== '') return report({ pointer, message: 'must not have a user or a password in it' })
  if (hash !== '') return report({ pointer, message: 'must not have a fragment' })
  if (protocol !== 'http:' || isLoopback(hostname)) return
  report({ pointer, severity: 'warning', message: 'credentials of clients go to this service unencrypted', hint: 'https:' })
}

function isLoopback (hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}

/** Emits an event for each change of {@link LookupCacheOptions.changed}. */
export function reportAvailability (events: GatewayEvents, policy: string): NonNullable<LookupCacheOptions['changed']> {
  return error => {
    events.emit({ type: error === undefined ? 'identity-service-available' : 'identity-service-unavailable', policy }, error)
  }
}

/** The rejection when the service is not available. The client may try again later. */
export function identityUnavailable (thrown: unknown, presented: boolean): Refused {
  const { message } = thrown as Error
  if (!(thrown instanceof LookupSkipped)) return refuse(new GatewayError('identity-unavailable', { cause: thrown }), message, presented)
  // Without a cause: the failures that led to it are already in the log.
  const seconds = Math.max(1, Math.ceil(thrown.wait / 1000))
  return refuse(new GatewayError('identity-unavailable', { headers: { 'retry-after': String(seconds) } }), message, presented)
}
