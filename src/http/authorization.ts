/** The Authorization field of a request (RFC 9110 §11.6.2), of which there may be one. */

/**
 * Its value; undefined where there is none, null where there is more than one, because then it is unknown which one counts.
 * @param rawHeaders names and values as they came, because Node shows only the first of several
 */
export function readAuthorization (rawHeaders: readonly string[]): string | null | undefined {
  let value: string | undefined
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!
    if (name.length !== 13 || name.toLowerCase() !== 'authorization') continue
    if (value !== undefined) return null
    value = rawHeaders[i + 1]!
  }
  return value
}
