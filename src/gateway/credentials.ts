/** Redacts credentials in the header fields that a rehearsal shows. */

import { redactedText } from '../logging/log-redaction.ts'

/** Words in the names of fields that hold credentials. */
const telling = /token|secret|api-?key|passw|authorization|cookie|credential|signature|session|jwt/i
/** A JSON Web Token is a credential in any field. */
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/

/**
 * Redacts the values that are credentials.
 * @param fields names and values in turn
 * @param named names of further fields that are credentials, in lower case
 */
export function withoutCredentials (fields: readonly string[], named: ReadonlySet<string>): string[] {
  return fields.map((text, index) => index % 2 === 1 && isCredential(fields[index - 1]!, text, named) ? redactedText : text)
}

function isCredential (name: string, value: string, named: ReadonlySet<string>): boolean {
  return named.has(name.toLowerCase()) || telling.test(name) || jwt.test(value)
}
