/** The one place where the body of a request is read from the client: counted, bounded in size, memory and time, and never complete when it is not. */

import type { Clock } from '../contract/clock.ts'
import { GatewayError } from '../contract/errors.ts'
import { expectationOf } from '../http/expectation.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import type { BodyBudget } from './body-budget.ts'
import type { Exchange } from '../contract/exchange.ts'
import { Pace } from './upload-pace.ts'

/** What is the same for all uploads of a generation. */
export interface UploadRules {
  readonly clock: Clock
  readonly buffers: BodyBudget
  /** Most bytes that all exchanges may hold together. */
  readonly budget: number
  /** Milliseconds of silence that a client may make; 0 for any. */
  readonly wait: number
  /** Bytes a second that a client must send in the long run; 0 asks for none. */
  readonly rate: number
}

/** Gets the body once it is passed on. */
export interface UploadReader {
  data (chunk: Buffer): void
  end (): void
  /** It ends here, and is not complete. */
  fail (error: GatewayError): void
}

/** What a chunk costs beside its bytes: many small ones cost far more than they carry. */
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
  /** Bytes after which those who collect are told. */
  #enough = 0
  #reading: Promise<Buffer> | undefined
  #collected: ((error: GatewayError | undefined) => void) | undefined
  #reader: UploadReader | undefined
  #flows = false
  #attached = false
  #invited = false
  #complete = false
  #failure: GatewayError | undefined

  /** `limit` is the most bytes that the body may have. */
  constructor (exchange: Exchange, rules: UploadRules, limit: number) {
    this.#exchange = exchange
    this.#rules = rules
    this.#limit = limit
    this.#pace = new Pace(rules.wait, rules.rate)
    exchange.onClose(() => this.#close())
  }

  /** Bytes that have come and have not been passed on. */
  get held (): number {
    return this.#held
  }

  /** Whether the client has sent all of it. */
  get complete (): boolean {
    return this.#complete
  }

  /** Reads until there are `enough` bytes, or all. Called back once, with an error when it has too many, or the client left or was too slow. */
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

  /** Calls back at once, though there is not enough. */
  hasten (): void {
    this.#rest()
    const done = this.#collected
    this.#collected = undefined
    done?.(undefined)
  }

  /** Reads all of it, once. Everybody who asks gets the same. */
  async read (): Promise<Buffer> {
    return await (this.#reading ??= new Promise((resolve, reject) => {
      this.collect(Infinity, error => {
        if (error === undefined) resolve(this.whole())
        else reject(error)
      })
    }))
  }

  /** All of it as one piece, once it is complete. It is counted until the exchange ends. */
  whole (): Buffer {
    const body = this.#chunks.length === 1 ? this.#chunks[0]! : Buffer.concat(this.#chunks)
    this.#chunks = []
    this.#held = 0
    this.#give(this.#taken - body.length)
    return body
  }

  /** Passes it on from here, as far as {@link resume} lets it. */
  pass (reader: UploadReader): void {
    this.#reader = reader
  }

  /** More is wanted. Nothing is passed on before the caller has returned. */
  resume (): void {
    if (this.#flows) return
    this.#flows = true
    process.nextTick(this.#flow)
  }

  /** No more is wanted for now. */
  pause (): void {
    this.#flows = false
    this.#rest()
  }

  /** Nobody wants the rest. It is read and thrown away, so that the client comes to its end and reads its answer. */
  drop (): void {
    this.#reader = undefined
    this.#free()
    if (this.#complete || this.#failure !== undefined || !this.#attached) return
    this.#detach()
    this.#exchange.raw.resume()
  }

  /** The exchange is over. */
  #close (): void {
    this.#reader = undefined
    this.#fail(new GatewayError('client-closed'))
    this.#free()
  }

  /** Here reading begins. */
  #attach (): void {
    this.#attached = true
    this.#invite()
    this.#exchange.raw.on('data', this.#onData).on('end', this.#onEnd).on('error', this.#onLost).on('close', this.#onLost)
  }

  /** Asks a client that waits for it to send the body. Not before somebody reads it: what the head alone decides is answered without (RFC 9110 §10.1.1). */
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
    // Node also ends a body that the client cut short; only a complete one may look complete to the target.
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
    reader?.end()
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
    // An answer that has begun is no longer bounded by its request: both may go on for as long as they like.
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
