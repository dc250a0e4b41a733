/** A WebSocket between a client and a target: both directions, its limits, and how it ends. */

import type { Duplex } from 'node:stream'
import type { TunnelClosing, TunnelLimits, TunnelRecord, TunnelSide } from '../../contract/tunnel.ts'
import { closeCodes, closeFrame, noCloseFrame } from './close-frame.ts'
import { Direction } from './direction.ts'
import { FrameTracker, type FrameProblem, type FrameRules } from './frame-tracker.ts'

/** How long both sides have for the closing handshake that the gateway has begun, in milliseconds. */
const closingTime = 5000

/** How long one side has to end its connection after the other, in milliseconds. */
const endingTime = 2000

/** The longest silence of a side that is only to take what is left, in milliseconds. */
const longestRest = 60_000

/** What a tunnel connects. */
export interface TunnelEnds {
  readonly client: Duplex
  readonly target: Duplex
  readonly limits: TunnelLimits
  /** When it began, in monotonic milliseconds. */
  readonly now: number
  /** The rules for what the client sends; undefined where everything is allowed. */
  readonly rules: FrameRules | undefined
  /** Called with the number of bytes that one side has sent. */
  readonly received: (side: TunnelSide, bytes: number) => void
  /** Called when the client has sent what is not allowed. */
  readonly refused: (problem: FrameProblem) => void
  /** Called when the target has ended its connection first, without a close frame. */
  readonly cut: () => void
  /** Called once, when both connections are closed. */
  readonly over: (tunnel: Tunnel) => void
}

export class Tunnel implements TunnelRecord {
  readonly #ends: TunnelEnds
  readonly #in: FrameTracker
  readonly #out = new FrameTracker()
  readonly #toTarget: Direction
  readonly #toClient: Direction
  #timer: NodeJS.Timeout | undefined
  /** Whether one side has ended its connection. */
  #ending = false
  /** Whether bytes have arrived since the last check. */
  #moved = false
  /** How long there was nothing, and how long no message. */
  #idle = 0
  #messageIdle = 0
  closedBy: TunnelRecord['closedBy']
  closeCode: number | undefined
  closing: TunnelClosing | undefined

  constructor (ends: TunnelEnds) {
    const { client, target, rules, received } = ends
    this.#ends = ends
    this.#in = new FrameTracker(rules)
    this.#toTarget = new Direction(client, target, this.#in, this.#owner('client', received))
    this.#toClient = new Direction(target, client, this.#out, this.#owner('upstream', received))
    this.#watch('client', client, target)
    this.#watch('upstream', target, client)
    this.#toTarget.start()
    this.#toClient.start()
  }

  get messagesIn (): number {
    return this.#in.messages
  }

  get messagesOut (): number {
    return this.#out.messages
  }

  /** Tells both sides to close, each after the frame that it is being sent. Their connections are cut when they take too long. */
  close (closing: TunnelClosing): void {
    if (this.closing !== undefined || this.#ending) return
    this.closing = closing
    const code = codeFor(closing)
    if (this.closedBy === undefined) {
      this.closedBy = 'gateway'
      this.closeCode = code
    }
    this.#arm(closingTime)
    // The side that broke a rule is told which one.
    const ofTarget = this.#out.problem !== undefined
    this.#toTarget.finish(closeFrame(ofTarget ? code : closeCodes.goingAway, '', true))
    this.#toClient.finish(ofTarget ? closeFrame(closeCodes.goingAway, '', false) : closeFrame(code, reasonFor(closing), false))
    this.#endAfterHandshake()
  }

  /** Cuts both connections. */
  destroy (): void {
    clearTimeout(this.#timer)
    this.#ends.client.destroy()
    this.#ends.target.destroy()
  }

  /** Called from time to time; `elapsed` is the time since the last call. Both in monotonic milliseconds. */
  check (now: number, elapsed: number): void {
    const { limits: { idle, messageIdle, maxAge }, now: since } = this.#ends
    this.#idle = this.#moved ? 0 : this.#idle + elapsed
    this.#messageIdle = this.#in.busy || this.#out.busy ? 0 : this.#messageIdle + elapsed
    this.#moved = this.#in.busy = this.#out.busy = false
    if (this.#ending) {
      if (this.#idle >= longestRest) this.destroy()
    } else if ((idle > 0 && this.#idle >= idle) || (messageIdle > 0 && this.#messageIdle >= messageIdle)) this.close('idle')
    else if (maxAge > 0 && now - since >= maxAge) this.close('max-age')
  }

  #owner (side: TunnelSide, received: TunnelEnds['received']): ConstructorParameters<typeof Direction>[3] {
    return {
      received: bytes => {
        this.#moved = true
        received(side, bytes)
      },
      closed: code => {
        this.#close(side, code)
        this.#endAfterHandshake()
      },
      refused: (problem: FrameProblem) => {
        this.#ends.refused(problem)
        this.close(problem)
      },
      finished: () => this.#endAfterHandshake()
    }
  }

  /** Who was first counts. */
  #close (by: TunnelSide, code: number): void {
    if (this.closedBy !== undefined) return
    this.closedBy = by
    this.closeCode = code
    if (by === 'upstream' && code === noCloseFrame) this.#ends.cut()
  }

  /** The connection of a side that has been sent a close frame, and has sent one, ends (RFC 6455 §7.1.1). */
  #endAfterHandshake (): void {
    const [fromClient, fromTarget] = [this.#in.closeCode !== undefined, this.#out.closeCode !== undefined]
    if (this.closing === undefined) {
      // The target ends its connection, and then the client does.
      if (fromClient && fromTarget) this.#arm(closingTime)
      return
    }
    const { client, target } = this.#ends
    // The close frame of a side that was refused a message comes after the rest of the message, which is not read.
    if (this.#toClient.ended && (fromClient || this.#in.problem !== undefined)) client.end()
    if (this.#toTarget.ended && (fromTarget || this.#out.problem !== undefined)) target.end()
  }

  #watch (side: TunnelSide, socket: Duplex, other: Duplex): void {
    const end = (): void => {
      this.#close(side, noCloseFrame)
      this.#ending = true
      // A service that has ended its side does not listen any more. A client may.
      if (side === 'upstream') this.#toTarget.silence()
      if (!other.writableEnded) other.end()
      if (other.writableFinished || other.destroyed) this.#arm(endingTime)
      else other.once('finish', () => this.#arm(endingTime))
    }
    socket.on('error', ignore)
    socket.once('end', end)
    socket.once('close', () => {
      if (!this.#ending) end()
      if (side === 'client') this.#toClient.silence()
      if (!other.destroyed) return
      clearTimeout(this.#timer)
      this.#ends.over(this)
    })
  }

  #arm (time: number): void {
    const { client, target } = this.#ends
    if (client.destroyed && target.destroyed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.destroy(), time).unref()
  }
}

function codeFor (closing: TunnelClosing): number {
  if (closing === 'message-too-large') return closeCodes.messageTooBig
  if (closing === 'too-many-messages') return closeCodes.policyViolation
  return closing === 'malformed-frame' ? closeCodes.protocolError : closeCodes.goingAway
}

function reasonFor (closing: TunnelClosing): string {
  return closing.replaceAll('-', ' ')
}

/** An error is followed by `close`. */
function ignore (): void {}
