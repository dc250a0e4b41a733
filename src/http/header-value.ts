/** Header field values (RFC 9110 §5.5): which text is safe to send, and how it is encoded. */

const ascii = /^[\x20-\x7e\t]*$/
/** All control characters except the tab. CR, LF and NUL would split one header field into two. */
const control = /[\x00-\x08\x0a-\x1f\x7f]/ // oxlint-disable-line no-control-regex

/**
 * The value as the bytes to send, one per character, or `undefined` when it cannot be sent as it is: it has a control
 * character, begins or ends with white space (the receiver would cut it off, and ` admin` would arrive as `admin`), or
 * is not well-formed Unicode. Characters beyond ASCII become their UTF-8 bytes, so two different texts never become one
 * value.
 */
export function safeHeaderValue (value: string): string | undefined {
  return isSafeHeaderValue(value) ? headerBytes(value) : undefined
}

/** Whether text, or bytes that came in a header, can be a field value without being cut, split or changed by the receiver. */
export function isSafeHeaderValue (value: string): boolean {
  return !control.test(value) && !/^[ \t]|[ \t]$/.test(value) && value.isWellFormed()
}

/** Text as UTF-8, one character per byte, which is how Node takes field values. */
export function headerBytes (text: string): string {
  return ascii.test(text) ? text : Buffer.from(text, 'utf8').toString('latin1')
}
