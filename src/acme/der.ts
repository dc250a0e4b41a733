/** Writes and reads DER (ITU-T X.690), as far as certificates and the requests for them need it. */

/** An element of a DER text. */
export interface DerElement {
  readonly tag: number
  /** What is between its length and its end. */
  readonly content: Buffer
  /** Where the next element begins. */
  readonly end: number
}

/** Tags of universal types. */
export const tags = { integer: 0x02, bitString: 0x03, octetString: 0x04, oid: 0x06, sequence: 0x30, set: 0x31 } as const

/** Writes an element of any tag around its content. */
export function element (tag: number, ...content: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(content)
  const size: number[] = []
  for (let left = body.length; left > 0; left = Math.floor(left / 256)) size.unshift(left % 256)
  const length = body.length < 128 ? [body.length] : [0x80 | size.length, ...size]
  return Buffer.concat([Buffer.from([tag, ...length]), body])
}

export const sequence = (...content: readonly Uint8Array[]): Buffer => element(tags.sequence, ...content)

export const set = (...content: readonly Uint8Array[]): Buffer => element(tags.set, ...content)

export const octetString = (content: Uint8Array): Buffer => element(tags.octetString, content)

/** A bit string of whole bytes. */
export const bitString = (content: Uint8Array): Buffer => element(tags.bitString, Buffer.of(0), content)

/** A non-negative integer, given by its bytes. */
export function integer (bytes: Uint8Array): Buffer {
  const first = bytes.findIndex(byte => byte !== 0)
  const significant = first === -1 ? Buffer.of(0) : bytes.subarray(first)
  return element(tags.integer, significant[0]! < 128 ? significant : Buffer.concat([Buffer.of(0), significant]))
}

/** An object identifier, given as `1.2.840`. */
export function oid (text: string): Buffer {
  const [first, second, ...rest] = text.split('.').map(Number)
  return element(tags.oid, Buffer.from([first! * 40 + second!, ...rest.flatMap(base128)]))
}

/** A constructed element with a tag of its context. */
export const tagged = (number: number, ...content: readonly Uint8Array[]): Buffer => element(0xa0 | number, ...content)

/** A time: UTCTime until 2049, GeneralizedTime after it (RFC 5280 §4.1.2.5). */
export function time (date: Date): Buffer {
  const text = `${date.toISOString().slice(0, 19).replaceAll(/[-T:]/g, '')}Z`
  const late = date.getUTCFullYear() >= 2050
  return element(late ? 0x18 : 0x17, Buffer.from(late ? text : text.slice(2), 'ascii'))
}

/**
 * Reads the element at `offset`.
 * @throws RangeError when it is not complete
 */
export function readElement (bytes: Buffer, offset = 0): DerElement {
  let start = offset + 2
  let length = bytes[offset + 1]
  if (length !== undefined && length >= 0x80) {
    const size = length & 0x7f
    if (size === 0 || size > 4 || start + size > bytes.length) throw new RangeError('the length of a DER element is not readable')
    length = bytes.readUIntBE(start, size)
    start += size
  }
  if (length === undefined || start + length > bytes.length) throw new RangeError('a DER element is not complete')
  return { tag: bytes[offset]!, content: bytes.subarray(start, start + length), end: start + length }
}

/**
 * Reads the elements inside a constructed one.
 * @throws RangeError when one is not complete
 */
export function readElements (content: Buffer): DerElement[] {
  const found: DerElement[] = []
  for (let offset = 0; offset < content.length; offset = found.at(-1)!.end) found.push(readElement(content, offset))
  return found
}

function base128 (value: number): number[] {
  const bytes = [value % 128]
  for (let left = Math.floor(value / 128); left > 0; left = Math.floor(left / 128)) bytes.unshift(0x80 | left % 128)
  return bytes
}
