/**
 * Malformed responses that undici reports without a code of its own for them.
 *
 * Relies on: the message is `bad upgrade` for a 101 and `bad response` for a 100 that was not asked for, both with
 * the code of a broken socket; an assertion fails (`ERR_ASSERTION`) for a status that HTTP does not have; what
 * llhttp rejects is an error with the name `HTTPParserError` or a code of llhttp (`HPE_…`).
 * Checked with undici 7.30.2.
 * Without it: such a response counts as a broken connection. The client gets the same status with another code, and
 * the rules for retries of broken connections apply.
 */

const messages: ReadonlySet<string> = new Set(['bad upgrade', 'bad response'])

/** Whether undici gave up a connection because the response on it is not one that was asked for. */
export function isUnrequestedResponse (error: Error): boolean {
  return messages.has(error.message)
}

/** Whether undici or its parser rejected a response. */
export function isParserError (error: Error, code: string): boolean {
  return error.name === 'HTTPParserError' || code.startsWith('HPE_') || code === 'ERR_ASSERTION'
}
