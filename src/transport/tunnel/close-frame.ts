/** Makes the close frames with which the gateway itself ends a WebSocket (RFC 6455 §5.5.1). */

/** Status codes that the gateway sends (RFC 6455 §7.4.1). */
export const closeCodes = { goingAway: 1001, protocolError: 1002, policyViolation: 1008, messageTooBig: 1009 } as const

/** No close frame was received (RFC 6455 §7.1.5). Never sent. */
export const noCloseFrame = 1006

/** A frame for a client is not masked. One for a server must be; with a key of zeros its bytes stay as they are. */
export function closeFrame (code: number, reason: string, masked: boolean): Buffer {
  const text = Buffer.from(reason)
  const header = masked ? 6 : 2
  const frame = Buffer.alloc(header + 2 + text.length)
  frame[0] = 0x88
  frame[1] = (masked ? 0x80 : 0) | (2 + text.length)
  frame.writeUInt16BE(code, header)
  text.copy(frame, header + 2)
  return frame
}
