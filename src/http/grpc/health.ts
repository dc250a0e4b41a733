/** The messages of grpc.health.v1, encoded by hand: a text and an enumeration need no protobuf library. */

/** Path of the method that is asked. */
export const healthCheckPath = '/grpc.health.v1.Health/Check'

/** `HealthCheckResponse.ServingStatus`. */
export const servingStatus = { UNKNOWN: 0, SERVING: 1, NOT_SERVING: 2, SERVICE_UNKNOWN: 3 } as const

/** Tag of field 1 with a length. */
const text = 0x0a

/** Tag of field 1 with a number. */
const number = 0x08

/** Encodes a `HealthCheckRequest`. The empty name asks for the server as a whole. */
export function writeHealthRequest (service: string): Buffer {
  if (service === '') return Buffer.alloc(0)
  const name = Buffer.from(service)
  return Buffer.concat([Buffer.from([text, ...varint(name.length)]), name])
}

/** Decodes a `HealthCheckResponse`: the status, which is 0 where the field is absent; undefined for bytes that are none. */
export function readHealthResponse (message: Buffer): number | undefined {
  let status = 0
  let at = 0
  while (at < message.length) {
    const tag = message[at++]!
    const read = readVarint(message, at)
    if (read === undefined) return undefined
    at = read.end
    if (tag === number) status = read.value
    // Fields of later versions: numbers and texts are skipped.
    else if ((tag & 7) === 2) at += read.value
    else if ((tag & 7) !== 0) return undefined
  }
  return at === message.length ? status : undefined
}

function varint (value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; ; rest >>>= 7) {
    if (rest < 0x80) return [...bytes, rest]
    bytes.push((rest & 0x7f) | 0x80)
  }
}

function readVarint (message: Buffer, start: number): { readonly value: number, readonly end: number } | undefined {
  let value = 0
  for (let at = start, shift = 0; at < message.length && shift < 28; at++, shift += 7) {
    const byte = message[at]!
    value |= (byte & 0x7f) << shift
    if (byte < 0x80) return { value, end: at + 1 }
  }
  return undefined
}
