/** Removes credentials in headers and queries from the log, and what `logging.redact` adds to them. */

import { pino } from 'pino'
import type { FastifyBaseLogger } from 'fastify'

/** Replaces a value that is removed. */
export const redactedText = '[redacted]'

/** Header fields that always contain credentials. */
const headers = ['authorization', 'cookie', 'proxy-authorization', 'set-cookie', 'x-api-key']

/** Query parameters that contain credentials, in lower case: RFC 6750 §2.3, RFC 6749, OpenID Connect, signed URLs, and common names. */
const parameters = [
  'access_token', 'api_key', 'api-key', 'apikey', 'assertion', 'auth', 'client_assertion', 'client_secret', 'code', 'code_verifier',
  'id_token', 'jwt', 'key', 'passwd', 'password', 'pwd', 'refresh_token', 'secret', 'session', 'sid', 'sig', 'signature', 'token',
  'x-amz-credential', 'x-amz-security-token', 'x-amz-signature', 'x-goog-credential', 'x-goog-signature'
]

/** The paths under which plugins usually log headers. */
const carriers = ['headers', 'req.headers', 'request.headers', 'res.headers', 'response.headers']

/** The names that are removed, in lower case. */
export interface Redaction {
  readonly headers: ReadonlySet<string>
  readonly parameters: ReadonlySet<string>
  /** Paths into the objects that are logged. */
  readonly paths: readonly string[]
}

/** Parses `logging.redact`: `header:NAME`, `query:NAME`, or a path such as `user.email` or `*.password`. */
export function readRedaction (entries: readonly string[]): Redaction {
  const named = (lead: string): string[] => {
    return entries.filter(entry => entry.startsWith(lead)).map(entry => entry.slice(lead.length).toLowerCase())
  }
  return {
    headers: new Set([...headers, ...named('header:')]),
    parameters: new Set([...parameters, ...named('query:')]),
    paths: entries.filter(entry => !/^(header|query):/.test(entry))
  }
}

/** What is wrong with an entry of `logging.redact`; undefined when nothing is. */
export function redactionProblem (entry: string): string | undefined {
  if (/^(header|query):/.test(entry)) {
    const valid = /^(header:[!#$%&'*+.^_`|~0-9A-Za-z-]+|query:.+)$/.test(entry)
    return valid ? undefined : `must be header: or query: with a name, got "${entry}"`
  }
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

/** What every log removes. */
export const builtInRedaction = rules(readRedaction([]))

/** A child of a log that also removes the entries of the file. It has the level of its parent. */
export function redacting (log: FastifyBaseLogger, entries: readonly string[]): FastifyBaseLogger {
  return entries.length === 0 ? log : log.child({}, { redact: rules(readRedaction(entries)) })
}
