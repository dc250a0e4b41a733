/** Percent-encoding (RFC 3986 §2.1) on raw text. */

/** Value of a hexadecimal digit's character code, or -1. `NaN`, which is what `charCodeAt` gives beyond the end, is -1 as well. */
export function hexDigit (code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  if (code >= 0x41 && code <= 0x46) return code - 0x37
  if (code >= 0x61 && code <= 0x66) return code - 0x57
  return -1
}

/** Everything but `pchar` without the percent sign (RFC 3986 §3.3), and a percent sign that begins no escape. */
const unsafeInSegment = /[^A-Za-z0-9\-._~!$&'()*+,;=:@%]|%(?![0-9A-Fa-f]{2})/gu

/**
 * Encodes a raw capture for one path segment: escapes and `pchar` keep their bytes, all else is percent-encoded, a `/` too.
 * Idempotent. Text that is not well-formed Unicode has its lone surrogates replaced by U+FFFD.
 */
export function encodeSegment (raw: string): string {
  return raw.replace(unsafeInSegment, percentEncode)
}

/** As {@link encodeSegment}, but `/` stays a separator. */
export function encodeSegments (raw: string): string {
  return raw.includes('/') ? raw.split('/').map(encodeSegment).join('/') : encodeSegment(raw)
}

/** Decoded text, or the text itself when it is malformed. */
export function decodeOrKeep (raw: string): string {
  if (!raw.includes('%')) return raw
  try {
    return decodeURIComponent(raw)
  } catch {
    return raw
  }
}

/** Bytes, one a character, as the value of a query parameter. */
export function percentEncodeBytes (bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._~]/g, byte => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/**
 * The text as it is once its escapes of escapes have been decoded: `%2561`, `%252561` and `%25%36%31` are `%61`. What
 * is escaped once stays so, but for hexadecimal digits.
 */
export function peelEscapes (raw: string): string {
  let peeled = raw
  // Each round stands for one more service that decodes. The bound keeps nested escapes from looping for long.
  for (let round = 0; round < 4; round++) {
    const before = peeled
    peeled = peeled.replace(escapedDigit, (_escape, digit: string) => String.fromCharCode(parseInt(digit, 16))).replace(escapedEscape, '%')
    if (peeled === before) break
  }
  return peeled
}

/** The escape of a character that is a hexadecimal digit. */
const escapedDigit = /%(3[0-9]|[46][1-6])/g

/** An escaped percent sign, itself escaped or not, that would begin an escape. */
const escapedEscape = /%(?:25)+(?=[0-9A-Fa-f]{2})/g

function percentEncode (character: string): string {
  return encodeURIComponent(character.toWellFormed())
}
