/** Reads a request body from the client, within limits of size, memory and time. A body that the client ends early never looks complete. */

import type { Clock } from '../contract/clock.ts'
import { GatewayError } from '../contract/errors.ts'
import { expectationOf } from '../http/expectation.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import type { BodyBudget } from './body-budget.ts'
import type { Exchange } from '../contract/exchange.ts'
import { Pace } from './upload-pace.ts'

/** The rules for all uploads of a generation. */
export interface UploadRules {
  readonly clock: Clock
  readonly buffers: BodyBudget
  /** The most bytes that all exchanges together may hold. */
  readonly budget: number
  /** The longest silence of a client in milliseconds; 0 for no limit. */
  readonly wait: number
  /** The bytes per second that a client must send on average; 0 for no minimum. */
  readonly rate: number
}

/** Receives the body when it is passed on. */
export interface UploadReader {
  data (chunk: Buffer): void
  /** @param trailers as they came, `[name, value, …]` */
  end (trailers: readonly string[]): void
  /** The body ended before it was complete. */
  fail (error: GatewayError): void
}

/** Memory of a chunk in addition to its bytes. Many small chunks need far more memory than their bytes. */
const chunkCost = 256

export class Upload {
  readonly #exchange: Exchange
  readonly #rules: UploadRules
  readonly #limit: number
  readonly #pace: Pace
  #timer: PatientTimer | undefined
  #chunks: Buffer[] = []
  #held = 0
  /** Bytes taken from the budget. */
  #taken = 0
  /** The number of bytes that `collect` waits for. */
  #enough = 0
  #reading: Promise<Buffer> | undefined
  #collected: ((error: GatewayError | undefined) => void) | undefined
  #reader: UploadReader | undefined
  #flows = false
  #attached = false
  #invited = false
  #complete = false
  #failure: GatewayError | undefined

  /** `limit`: the most bytes of the body. */
  constructor (exchange: Exchange, rules: UploadRules, limit: number) {
    this.#exchange = exchange
    this.#rules = rules
    this.#limit = limit
    this.#pace = new Pace(rules.wait, rules.rate)
    exchange.onClose(() => this.#close())
  }

  /** Bytes that were received and not passed on yet. */
  get held (): number {
    return this.#held
  }

  /** Whether the client has sent all of it. */
  get complete (): boolean {
    return this.#complete
  }

  /**
   * Reads until there are `enough` bytes, or all. Calls `done` once, with an error when the body is too large, or the client left or was
   * too slow.
   */
  collect (enough: number, done: (error: GatewayError | undefined) => void): void {
    if (this.#exchange.over) this.#failure ??= new GatewayError('client-closed')
    if (this.#failure !== undefined) {
      done(this.#failure)
      return
    }
    this.#enough = enough
    this.#collected = done
    if (!this.#attached) this.#attach()
    this.#listen()
  }

  /** Calls `done` at once, although there are fewer bytes than requested. */
  hasten (): void {
    this.#rest()
    const done = this.#collected
    this.#collected = undefined
    done?.(undefined)
  }

  /** Reads the complete body. All calls share one result. */
  async read (): Promise<Buffer> {
    return await (this.#reading ??= new Promise((resolve, reject) => {
      this.collect(Infinity, error => {
        if (error === undefined) resolve(this.whole())
        else reject(error)
      })
    }))
  }

  /** Returns the complete body as one buffer. It counts towards the budget until the exchange ends. */
  whole (): Buffer {
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#held = 0
    this.#give(this.#taken - body.length)
    return body
  }

  /** Sets the reader, which gets the body after {@link resume}. */
  pass (reader: UploadReader): void {
    this.#reader = reader
  }

  /** Passes chunks on to the reader, from the next tick on. */
  resume (): void {
    if (this.#flows) return
    this.#flows = true
    process.nextTick(this.#flow)
  }

  /** Stops passing chunks on for now. */
  pause (): void {
    this.#flows = false
    this.#rest()
  }

  /** Reads and discards the rest, so that the client finishes sending and reads its response. */
  drop (): void {
    this.#reader = undefined
    this.#free()
    if (this.#complete || this.#failure !== undefined || !this.#attached) return
    this.#detach()
    this.#exchange.raw.resume()
  }

  /** Ends the upload with its exchange. */
  #close (): void {
    this.#reader = undefined
    // An error costs its stack trace, and most uploads are complete by now.
    if (this.#attached) this.#fail(new GatewayError('client-closed'))
    this.#free()
  }

  /** Begins to read. */
  #attach (): void {
    this.#attached = true
    this.#invite()
    this.#exchange.raw.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onLost).on('close', this.#onLost)
  }

  /**
   * Sends 100 Continue to a client that waits for it (RFC 9110 §10.1.1). Only when the body is read: many requests are rejected by their
   * headers alone.
   */
  #invite (): void {
    const { raw, reply } = this.#exchange
    if (this.#invited || raw.readableLength > 0 || expectationOf(raw) !== 'continue' || reply?.raw.headersSent !== false) return
    this.#invited = true
    reply.raw.writeContinue()
  }

  #detach (): void {
    this.#attached = false
    this.#timer?.clear()
    this.#exchange.raw.off('data', this.#onData).off('end', this.#onEnd).off('error', this.#onLost).off('close', this.#onLost)
  }

  readonly #onData = (chunk: Buffer): void => {
    const exchange = this.#exchange
    exchange.bytesIn += chunk.length
    if (exchange.bytesIn > this.#limit) {
      this.#fail(new GatewayError('body-too-large'))
      return
    }
    this.#pace.got(chunk.length, this.#rules.clock.now())
    if (this.#flows && this.#held === 0) {
      this.#reader?.data(chunk)
      return
    }
    if (!this.#rules.buffers.take(chunk.length + chunkCost, this.#rules.budget)) {
      this.#fail(new GatewayError('buffers-full', { headers: { 'retry-after': '1' } }))
      return
    }
    this.#taken += chunk.length + chunkCost
    this.#chunks.push(chunk)
    this.#held += chunk.length
    if (this.#held >= this.#enough) this.hasten()
  }

  readonly #onEnd = (): void => {
    // Node also emits `end` when the client has ended the body early. Only a complete body may look complete to the target.
    if (!this.#exchange.raw.complete) {
      this.#onLost()
      return
    }
    this.#complete = true
    this.#detach()
    if (this.#collected !== undefined) this.hasten()
    else if (this.#flows && this.#held === 0) this.#end()
  }

  readonly #onLost = (): void => this.#fail(new GatewayError('client-closed'))

  readonly #flow = (): void => {
    while (this.#flows && this.#chunks.length > 0) {
      const chunk = this.#chunks.shift()!
      this.#held -= chunk.length
      this.#give(chunk.length + chunkCost)
      this.#reader?.data(chunk)
    }
    if (!this.#flows || this.#reader === undefined) return
    if (this.#failure !== undefined) this.#reader.fail(this.#failure)
    else if (this.#complete) this.#end()
    else this.#listen()
  }

  #end (): void {
    const reader = this.#reader
    this.#reader = undefined
    reader?.end(this.#exchange.raw.rawTrailers)
  }

  /** Waits for the client. */
  #listen (): void {
    this.#exchange.raw.resume()
    if (this.#rules.wait === 0) return
    const now = this.#rules.clock.now()
    this.#pace.begin(now)
    if (this.#timer === undefined) this.#arm(now)
  }

  #rest (): void {
    if (!this.#attached) return
    this.#exchange.raw.pause()
    this.#pace.rest(this.#rules.clock.now())
  }

  #arm (now: number): void {
    this.#timer = patiently(this.#pace.left(now), this.#judge)
  }

  readonly #judge = (): void => {
    const now = this.#rules.clock.now()
    // After the response has begun, the upload has no time limit: both may last as long as they like.
    if (this.#exchange.reply?.raw.headersSent === true) return
    if (this.#pace.left(now) > 0) this.#arm(now)
    else this.#fail(new GatewayError('request-timeout'))
  }

  #fail (error: GatewayError): void {
    if (!this.#attached) return
    this.#detach()
    this.#exchange.raw.pause()
    this.#failure = error
    this.#free()
    const done = this.#collected
    this.#collected = undefined
    if (done !== undefined) done(error)
    else if (this.#flows) this.#reader?.fail(error)
  }

  #free (): void {
    this.#chunks = []
    this.#held = 0
    this.#give(this.#taken)
  }

  #give (bytes: number): void {
    this.#taken -= bytes
    this.#rules.buffers.give(bytes)
  }
}
