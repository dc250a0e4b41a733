/** Which X-Request-Id of a caller may go on as it is. */

/**
 * Letters, digits and what ids in use are made of (UUID, ULID, base64, W3C, AWS `Root=1-…`); nothing that
 * means something in a header, a log or a shell.
 */
const acceptable = /^[A-Za-z0-9._~+/=:@-]{1,128}$/

/** Whether an X-Request-Id is taken over. Node joins repeated fields with a comma, so two of them are none. */
export function isAcceptableRequestId (value: string | string[] | undefined): value is string {
  return typeof value === 'string' && acceptable.test(value)
}
