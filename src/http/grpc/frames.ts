/** The frames of a gRPC body: a byte of flags, four bytes of length, and the message. */

/** The bytes in front of a message. */
export const frameHeaderLength = 5

/** The flag of a frame that holds the trailers of gRPC-Web. */
const trailersFlag = 0x80

/** Puts a message that is not compressed into a frame. */
export function writeFrame (message: Uint8Array, flags = 0): Buffer {
  const frame = Buffer.allocUnsafe(frameHeaderLength + message.length)
  frame[0] = flags
  frame.writeUInt32BE(message.length, 1)
  frame.set(message, frameHeaderLength)
  return frame
}

/** Puts trailers into the last frame of a gRPC-Web body, one `name: value` a line (gRPC-Web, "Protocol differences"). */
export function writeTrailersFrame (trailers: Iterable<readonly [name: string, value: string]>): Buffer {
  let text = ''
  for (const [name, value] of trailers) text += `${name.toLowerCase()}: ${value}\r\n`
  return writeFrame(Buffer.from(text, 'latin1'), trailersFlag)
}

/** Returns the message of a body with one frame that is not compressed; undefined for any other body. */
export function readOnlyMessage (body: Buffer): Buffer | undefined {
  if (body.length < frameHeaderLength || body[0] !== 0) return undefined
  return body.readUInt32BE(1) === body.length - frameHeaderLength ? body.subarray(frameHeaderLength) : undefined
}
