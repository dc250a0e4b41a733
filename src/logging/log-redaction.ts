/** What never stands in the log: credentials in headers and queries, and what `logging.redact` adds to them. */

import { pino } from 'pino'
import type { FastifyBaseLogger } from 'fastify'

/** What stands in the place of a value. */
export const redactedText = '[redacted]'

/** Fields that are credentials whoever logs them. */
const headers = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key']

/** Parameters that are credentials, by lower-case name: RFC 6750 §2.3, RFC 6749, OpenID Connect, signed URLs, and what people call them. */
const parameters = [
  'access_token', 'api_key', 'api-key', 'apikey', 'assertion', 'auth', 'client_assertion', 'client_secret', 'code', 'code_verifier', 'id_token', 'jwt', 'key', 'passwd', 'password', 'pwd',
  'refresh_token', 'secret', 'session', 'sid', 'sig', 'signature', 'token', 'x-amz-credential', 'x-amz-security-token', 'x-amz-signature', 'x-goog-credential', 'x-goog-signature'
]

/** Where plugins put headers when they log them. */
const carriers = ['headers', 'req.headers', 'request.headers', 'res.headers', 'response.headers']

/** The names that `logging.redact` and the gateway itself take out, lower-case. */
export interface Redaction {
  readonly headers: ReadonlySet<string>
  readonly parameters: ReadonlySet<string>
  /** Paths into the objects that are logged. */
  readonly paths: readonly string[]
}

/** Reads `logging.redact`: `header:NAME`, `query:NAME`, or a path such as `user.email` or `*.password`. */
export function readRedaction (entries: readonly string[]): Redaction {
  const named = (lead: string): string[] => entries.filter(entry => entry.startsWith(lead)).map(entry => entry.slice(lead.length).toLowerCase())
  return {
    headers: new Set([...headers, ...named('header:')]),
    parameters: new Set([...parameters, ...named('query:')]),
    paths: entries.filter(entry => !/^(header|query):/.test(entry))
  }
}

/** What is wrong with an entry of `logging.redact`; undefined when nothing is. */
export function redactionProblem (entry: string): string | undefined {
  if (/^(header|query):/.test(entry)) return /^(header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|query:.+)$/.test(entry) ? undefined : `must be header: or query: with a name, got "${entry}"`
  try {
    pino({ enabled: false, redact: [entry] })
    return undefined
  } catch {
    return `must be header:NAME, query:NAME or a path such as user.email or *.password, got "${entry}"`
  }
}

function rules ({ headers, paths }: Redaction): { paths: string[], censor: string } {
  return { paths: [...carriers.flatMap(carrier => [...headers].map(name => `${carrier}["${name}"]`)), ...paths], censor: redactedText }
}

/** What every log takes out. */
export const builtInRedaction = rules(readRedaction([]))

/** The same log with the entries of the file taken out as well. Its level stays that of the log it comes from. */
export function redacting (log: FastifyBaseLogger, entries: readonly string[]): FastifyBaseLogger {
  return entries.length === 0 ? log : log.child({}, { redact: rules(readRedaction(entries)) })
}
