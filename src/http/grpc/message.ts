/** The `grpc-message` field: text in UTF-8 whose bytes outside of printable ASCII are percent-encoded (gRPC over HTTP/2, "Responses"). */

/** Encodes a text for the field. Unpaired surrogates become U+FFFD. */
export function writeGrpcMessage (text: string): string {
  if (/^[ -$&-~]*$/.test(text)) return text
  let encoded = ''
  for (const byte of Buffer.from(text)) {
    const plain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25
    encoded += plain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
  }
  return encoded
}

/** Decodes the value of a field. Never fails: what is no valid encoding stays as it is. */
export function readGrpcMessage (value: string): string {
  if (!value.includes('%')) return value
  const bytes = value.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
  return Buffer.from(bytes, 'latin1').toString()
}
