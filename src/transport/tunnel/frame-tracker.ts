/** Follows the frames of one direction of a WebSocket (RFC 6455 §5.2). It reads their headers only, and changes nothing. */

/** What is allowed in a direction. */
export interface FrameRules {
  /** The most bytes of a message, as it is sent: a compressed one counts compressed. */
  readonly maxMessage: number
  /** Asked at the beginning of every message and control frame; false when there were too many. */
  readonly allows: (() => boolean) | undefined
}

/** Why no further frame is passed on. */
export type FrameProblem = 'message-too-large' | 'too-many-messages' | 'malformed-frame'

/** No status code in the close frame (RFC 6455 §7.1.5). */
const noStatus = 1005

const continuation = 0
const closing = 8

export class FrameTracker {
  readonly #rules: FrameRules | undefined
  /** Messages whose last frame has begun. */
  messages = 0
  /** Whether any part of a message has passed; the owner sets it back. */
  busy = false
  /** Status code of the close frame, once there was one. Nothing follows it. */
  closeCode: number | undefined
  /** Why the frame that is next is not passed on. */
  problem: FrameProblem | undefined
  /** Makes `read` stop at the end of the current frame. */
  stopping = false
  /** Payload bytes of the current frame that are still to come. */
  #left = 0
  /** Whether the current frame belongs to a message, and not to the connection. */
  #inMessage = false
  /** Bytes of the current message so far. */
  #size = 0

  constructor (rules?: FrameRules) {
    this.#rules = rules
  }

  /** Whether the last byte that was passed on is the last one of a frame. */
  get atBoundary (): boolean {
    return this.#left === 0
  }

  /**
   * Reads what has arrived. Returns how many of the bytes may be passed on: all but the beginning of a header that is not complete, which
   * must be given again with what follows, and all but a frame that is not allowed.
   */
  read (bytes: Buffer): number {
    let at = this.#left
    if (at > 0 && this.#inMessage) this.busy = true
    while (at < bytes.length) {
      const next = this.stopping ? undefined : this.#begin(bytes, at)
      if (next === undefined) {
        this.#left = 0
        return at
      }
      at = next
    }
    this.#left = at - bytes.length
    return bytes.length
  }

  /** Reads the header of the frame at `at`. Returns where the frame ends; undefined when it is not complete or not allowed. */
  #begin (bytes: Buffer, at: number): number | undefined {
    const room = bytes.length - at
    if (room < 2) return undefined
    const first = bytes[at]!
    const second = bytes[at + 1]!
    const opcode = first & 0x0f
    let length = second & 0x7f
    let header = second < 0x80 ? 2 : 6
    if (length >= 126) header += length === 126 ? 2 : 8
    // The code of a close frame is read too. It is never longer than 125 bytes.
    if (room < (opcode === closing && length >= 2 ? header + 2 : header)) return undefined
    if (length === 126) length = bytes.readUInt16BE(at + 2)
    else if (length === 127) length = bytes.readUInt32BE(at + 2) * 0x1_0000_0000 + bytes.readUInt32BE(at + 6)
    if (length > Number.MAX_SAFE_INTEGER) this.problem = 'malformed-frame'
    else this.#admit(opcode, length, first >= 0x80)
    if (this.problem !== undefined) return undefined
    if (opcode === closing) this.closeCode ??= length < 2 ? noStatus : codeAt(bytes, at + header, second >= 0x80)
    return at + header + length
  }

  #admit (opcode: number, length: number, final: boolean): void {
    this.#inMessage = opcode < closing
    if (opcode !== continuation && this.#rules?.allows?.() === false) {
      this.problem = 'too-many-messages'
      return
    }
    if (!this.#inMessage) return
    this.busy = true
    this.#size = opcode === continuation ? this.#size + length : length
    if (this.#rules !== undefined && this.#size > this.#rules.maxMessage) this.problem = 'message-too-large'
    else if (final) this.messages++
  }
}

/** The masking key stands before the payload. */
function codeAt (bytes: Buffer, at: number, masked: boolean): number {
  const code = bytes.readUInt16BE(at)
  return masked ? code ^ bytes.readUInt16BE(at - 4) : code
}
