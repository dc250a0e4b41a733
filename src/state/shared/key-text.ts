/** The beginning of a key as text in shared memory, for people who list the keys. */

/** Words of a text. */
export const textWords = 10

/** Bytes of the longest text that is kept whole. */
const mostBytes = textWords * 4 - 1

/** Set in the first byte, the length, of a text that was cut. */
const cut = 0x80

/** Writes a key, as UTF-8; of a long one its beginning. */
export function writeKey (words: Int32Array, at: number, key: string): void {
  const bytes = new Uint8Array(words.buffer, words.byteOffset + at * 4, textWords * 4)
  const { length } = key
  if (length > mostBytes) return writeEncoded(bytes, key)
  for (let index = 0; index < length; index++) {
    const code = key.charCodeAt(index)
    if (code > 0x7f) return writeEncoded(bytes, key)
    bytes[index + 1] = code
  }
  bytes[0] = length
}

function writeEncoded (bytes: Uint8Array, key: string): void {
  // A character has at most three bytes for each unit of the text; what is cut ends with a whole one.
  const encoded = Buffer.from(key.slice(0, mostBytes + 1))
  let length = Math.min(encoded.length, mostBytes)
  const whole = length === encoded.length && key.length <= mostBytes
  while (!whole && length > 0 && (encoded[length]! & 0xc0) === 0x80) length--
  bytes.set(encoded.subarray(0, length), 1)
  bytes[0] = whole ? length : length | cut
}

/** The key that was written. One that was cut ends with an ellipsis. */
export function readKey (words: Int32Array, at: number): string {
  const bytes = Uint8Array.from(new Uint8Array(words.buffer, words.byteOffset + at * 4, textWords * 4))
  const text = Buffer.from(bytes.buffer, 1, bytes[0]! & ~cut).toString()
  return bytes[0]! >= cut ? `${text}…` : text
}
