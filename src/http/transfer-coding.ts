/** Reads Transfer-Encoding (RFC 9112 §6.1). Only `chunked` alone, or no coding, is accepted. */

/**
 * Whether a service can find the end of a request where this gateway finds it. A list such as `gzip, chunked` is legal
 * and its framing is known, but the coding before `chunked` would have to be undone or passed on, and services that
 * look for the word `chunked` only, or for the first member only, see another end. On HTTP/1.0 the field must be taken
 * as faulty framing: what came before may not have understood it.
 *
 * @param value of Transfer-Encoding, lines of it joined; undefined when there is none
 */
export function isPlainlyFramed (value: string | undefined, httpVersion: string): boolean {
  return value === undefined || (httpVersion !== '1.0' && value.toLowerCase() === 'chunked')
}
