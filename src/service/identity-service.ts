/** What policies have in common that ask a service about clients: options, and the answer when it cannot be asked. */

import Type from 'typebox'
import type { Refused } from '../contract/authentication.ts'
import type { Report } from '../contract/plugin.ts'
import { refuse } from '../identity/authentication.ts'
import { Duration } from '../config/schema/units.ts'
import { GatewayError } from '../contract/errors.ts'
import { LookupSkipped } from './lookup-cache.ts'

const most = { maximum: '1h' }

/** How the service is asked: keys that stand among the options of the policy. */
export const identityServiceKeys = {
  timeout: Duration({ default: '3s', minimum: '1ms', ...most, description: 'From a question to the last byte of its answer. Later is as good as no answer.' }),
  ca: Type.Optional(Type.String({ description: 'Certificates (PEM) that are trusted instead of the public ones.', examples: ['${file:/run/secrets/ca.pem}'] })),
  breaker: Type.Object({
    failures: Type.Integer({ default: 5, minimum: 1, maximum: 1_000_000, description: 'Failures in a row after which the service is not asked for a while: no connection, no answer in time, one that breaks off, 429, 502, 503 or 504. Any other answer, such as 400 or 500 to one credential, is none.' }),
    openFor: Duration({ default: '5s', minimum: '1ms', ...most, description: 'How long. Then one question shows whether it is back.' })
  }, { additionalProperties: false, default: {}, description: 'While the service does not answer, nobody waits for it.' })
} as const

/** Reports a URL that cannot be asked, or that should not be. */
export function checkServiceUrl (url: string, pointer: string, report: Report): void {
  if (!URL.canParse(url) || !/^https?:\/\/[^/]/i.test(url)) return report({ pointer, message: `must be an absolute http: or https: URL, got "${url}"` })
  const { protocol, hostname, username, password, hash } = new URL(url)
  if (username !== '' || password !== '') return report({ pointer, message: 'must not have a user or a password in it' })
  if (hash !== '') return report({ pointer, message: 'must not have a fragment' })
  if (protocol === 'http:' && !isLoopback(hostname)) report({ pointer, severity: 'warning', message: 'credentials of clients go to this service unencrypted', hint: 'https:' })
}

function isLoopback (hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d+){3}$/.test(hostname)
}

/** The refusal when the service cannot be asked: nobody is let in, and the client may come back. */
export function identityUnavailable (thrown: unknown, presented: boolean): Refused {
  const { message } = thrown as Error
  if (!(thrown instanceof LookupSkipped)) return refuse(new GatewayError('identity-unavailable', { cause: thrown }), message, presented)
  // Without a cause, because the failures before it are in the log already.
  return refuse(new GatewayError('identity-unavailable', { headers: { 'retry-after': String(Math.max(1, Math.ceil(thrown.wait / 1000))) } }), message, presented)
}
