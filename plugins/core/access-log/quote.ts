/** Text as a JSON string (RFC 8259 §7). */

/** All but plain ASCII: what must not stand in a JSON string as it is, and what has to be looked at more closely. */
const unusual = /["\\\u0000-\u001f\u007f-\uffff]/
/** Characters that a terminal or a line reader could interpret as control characters. */
const control = /[\u007f-\u009f\u2028\u2029]/g

/** Quotes text. Nearly every text is plain, and finding that out is much cheaper than going through it character by character. */
export function quote (text: string): string {
  return unusual.test(text) ? escaped(text) : `"${text}"`
}

function escaped (text: string): string {
  return JSON.stringify(text).replace(control, character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
