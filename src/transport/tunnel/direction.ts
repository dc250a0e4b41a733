/** One direction of a tunnel: passes bytes on with back pressure, until the gateway puts a close frame in their place. */

import type { Duplex } from 'node:stream'
import type { FrameProblem, FrameTracker } from './frame-tracker.ts'

/** Hears of what comes from one side. */
export interface DirectionOwner {
  /** Bytes have arrived. */
  received (bytes: number): void
  /** The sender has sent a close frame. */
  closed (code: number): void
  /** The next frame is not passed on. */
  refused (problem: FrameProblem): void
  /** The close frame of the gateway is on its way to the receiver. */
  finished (): void
}

export class Direction {
  readonly #from: Duplex
  readonly #to: Duplex
  readonly #frames: FrameTracker
  readonly #owner: DirectionOwner
  /** The beginning of a header that is not complete. */
  #held: Buffer | undefined
  /** The close frame that is sent at the end of the current frame. */
  #farewell: Buffer | undefined
  /** Whether what arrives is discarded. */
  #silent = false

  constructor (from: Duplex, to: Duplex, frames: FrameTracker, owner: DirectionOwner) {
    this.#from = from
    this.#to = to
    this.#frames = frames
    this.#owner = owner
  }

  /** Whether the receiver has been sent a close frame: that of the sender, or one of the gateway. */
  get ended (): boolean {
    return this.#farewell === undefined && (this.#silent || this.#frames.closeCode !== undefined)
  }

  start (): void {
    this.#to.on('drain', () => this.#from.resume())
    this.#from.on('data', (chunk: Buffer) => this.#receive(chunk)).resume()
  }

  /** Discards what the sender still sends. */
  silence (): void {
    this.#silent = true
    this.#from.resume()
  }

  /** Sends the receiver this close frame after the current frame, unless it has been sent one. Nothing is passed on after it. */
  finish (farewell: Buffer): void {
    if (this.#silent || this.#frames.closeCode !== undefined) return
    this.#farewell = farewell
    if (this.#frames.atBoundary) this.#sayFarewell()
    else this.#frames.stopping = true
  }

  #receive (chunk: Buffer): void {
    const bytes = this.#held === undefined ? chunk : Buffer.concat([this.#held, chunk])
    this.#held = undefined
    this.#owner.received(chunk.length)
    this.#read(bytes)
  }

  #read (bytes: Buffer): void {
    // A sender that was refused a frame may still be sending it.
    if (this.#frames.problem !== undefined) return
    const before = this.#frames.closeCode
    const stopped = this.#frames.stopping
    const passed = this.#frames.read(bytes)
    if (passed > 0 && !this.#silent && !this.#to.write(passed === bytes.length ? bytes : bytes.subarray(0, passed))) this.#from.pause()
    const { closeCode, problem } = this.#frames
    if (closeCode !== before) this.#owner.closed(closeCode!)
    if (problem !== undefined) {
      if (!this.#silent) this.#owner.refused(problem)
      return
    }
    if (this.#farewell !== undefined && this.#frames.atBoundary) this.#sayFarewell()
    if (passed === bytes.length) return
    // A copy, so that a few bytes do not keep the memory of many.
    if (!stopped) this.#held = Buffer.from(bytes.subarray(passed))
    else this.#read(bytes.subarray(passed))
  }

  #sayFarewell (): void {
    this.#to.write(this.#farewell)
    this.#farewell = undefined
    this.#frames.stopping = false
    this.silence()
    this.#owner.finished()
  }
}
