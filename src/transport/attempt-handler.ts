/** Hears what undici reports about one attempt and turns it into an answer, a failure or a cut. */

import type { Dispatcher } from 'undici'
import type { Clock } from '../contract/clock.ts'
import { GatewayError, reasons, type Reason } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { Attempt, Outcome } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import { isPlainlyFramed } from '../http/transfer-coding.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { batchWrite } from '../scheduling/write-batch.ts'
import { classify } from './failure.ts'
import { ResponseBody } from './response-body.ts'
import { unaskedContinue } from './response-parser.ts'

/** Most bytes of an unwanted answer that are read to keep its connection; above it the connection is closed. */
const drainLimit = 64 * 1024

/** How long the rest of an unwanted answer may take, in milliseconds; a target that stalls in it must not hold its connection. */
const drainTime = 1000

/** Most bytes of an answer that wait for its end before it goes out as it comes. */
const mostHeld = 128 * 1024

/** Most bytes that are worth copying to make one piece of several. */
const mostJoined = 16 * 1024

/** Most interim responses (1xx) before the final one. */
const interimLimit = 100

/** Most of them that the client is told of. */
const interimPassed = 16

type Headers = Record<string, string | string[]>

/** What owns the attempt: it is told what becomes of it, and decides what that means for the exchange. */
export interface AttemptOwner {
  readonly exchange: Exchange
  readonly clock: Clock
  /** An interim response (1xx) has arrived. */
  interim (statusCode: number, headers: Headers): void
  /** The status line and headers have arrived. Returns false when the response is to be discarded because another attempt is made, or under way. */
  answered (handler: AttemptHandler): boolean
  /** Hands the response on. */
  deliver (response: TargetResponse): void
  /** The attempt failed before its response began. */
  failed (handler: AttemptHandler, failure: Reason, cause: unknown): void
  /** The response broke off before any of it was handed on. */
  broken (failure: Reason, cause: unknown): void
  /** The target has been silent for longer than a connection may take to open. */
  suspect (handler: AttemptHandler): Promise<void>
  settle (attempt: Attempt, outcome: Outcome): void
}

export class AttemptHandler implements Dispatcher.DispatchHandler {
  readonly attempt: Attempt
  /** Whether any byte of an answer has come. */
  begun = false
  readonly #loop: AttemptOwner
  readonly #idle: number
  #controller: Dispatcher.DispatchController | undefined
  #headers: Headers | undefined
  /** Bytes that came before the answer was handed over. */
  #chunks: Buffer[] = []
  /** How many bytes they are. */
  #held = 0
  /** Bytes of the body so far. */
  #received = 0
  #body: ResponseBody | undefined
  #delivered = false
  #drained: number | undefined
  #drainTimer: NodeJS.Timeout | undefined
  #interim = 0
  #timer: PatientTimer | undefined
  /** Why it is stopped when its time is over, and how much of that is left after the first look. */
  #late: Reason | undefined
  #remaining = 0
  #stopped: Reason | undefined

  constructor (loop: AttemptOwner, attempt: Attempt, idle: number) {
    this.#loop = loop
    this.attempt = attempt
    this.#idle = idle
  }

  /** Whether the response has no end that could be waited for. */
  get isEventStream (): boolean {
    return String(this.#headers?.['content-type']).startsWith('text/event-stream')
  }

  /** Gives the target `time` milliseconds to begin its answer; Infinity for ever. */
  expect (time: number, reason: Reason): void {
    this.rest()
    if (time === Infinity) return
    this.#late = reason
    const { connect } = this.attempt.target.upstream.config.timeouts
    if (connect === 0 || connect >= time) {
      this.#timer = patiently(time, isLate, this as AttemptHandler)
      return
    }
    this.#remaining = time - connect
    this.#timer = patiently(connect, isSlow, this as AttemptHandler)
  }

  /** It takes longer than a connection may take: is the target still there? */
  slow (): void {
    this.#timer = patiently(this.#remaining, isLate, this as AttemptHandler)
    if (this.attempt.reached && !this.begun) void this.#loop.suspect(this)
  }

  /** Its time is over. */
  late (): void {
    const reason = this.#late!
    this.stop(this.#dialling && reason.code === 'response-timeout' ? reasons['connect-timeout'] : reason)
  }

  /** The target is not waited for. */
  rest (): void {
    this.#timer?.clear()
  }

  /** Whether it waits for a connection that is being made, and not in a queue for one of those that there may be. */
  get #dialling (): boolean {
    const { reached, target } = this.attempt
    return !reached && target.load.active <= target.upstream.config.connections.max
  }

  /** Ends the attempt from this side: a timeout, or the client has gone. */
  stop (reason: Reason): void {
    if (this.attempt.outcome !== undefined || this.#stopped !== undefined) return
    this.#stopped = reason
    if (reason.code === 'client-closed' && this.#isNearlyRead()) {
      this.#abandon()
      return
    }
    if (this.#controller !== undefined) {
      this.#controller.abort(new GatewayError(reason))
      return
    }
    // Still waiting for a connection: undici cannot take it back, so it is refused when its turn comes.
    this.#loop.failed(this, reason, undefined)
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.attempt.reached = true
    if (this.#stopped !== undefined) controller.abort(new GatewayError(this.#stopped))
  }

  /** undici has read the first byte. */
  onResponseStarted (): void {
    this.begun = true
  }

  onResponseStart (controller: Dispatcher.DispatchController, statusCode: number, headers: Headers): void {
    const { attempt } = this
    if (statusCode < 200 && ++this.#interim <= interimLimit) {
      if (statusCode !== unaskedContinue && this.#interim <= interimPassed) this.#loop.interim(statusCode, headers)
      return
    }
    // The client would get a body that is still in a coding of which it is not told.
    const coding = headers['transfer-encoding']
    if (statusCode < 200 || statusCode > 599 || (coding !== undefined && !isPlainlyFramed(String(coding), '1.1'))) {
      controller.abort(new GatewayError('malformed-response'))
      return
    }
    attempt.statusCode = statusCode
    attempt.answeredAt = this.#loop.clock.now()
    attempt.retryAfter = retryAfter(headers['retry-after'])
    this.#headers = headers
    if (!this.#loop.answered(this)) {
      this.#drain(controller)
      return
    }
    // undici takes the length that a 304 may declare (RFC 9110 §15.4.5) for that of a body to come, and its absence for a cut.
    if (bodiless.has(statusCode)) {
      this.#finish({})
      return
    }
    // An answer that is complete by the end of this turn goes out in one piece; a longer or slower one goes out as it comes.
    batchWrite(this.#turnEnded)
  }

  /** A head that is alone waits one turn more: it may have been cut with what followed it, or the body may be in the next segment. */
  readonly #turnEnded = (): void => {
    if (this.#held > 0) this.flush()
    else batchWrite(() => this.flush())
  }

  onResponseData (controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#drained !== undefined) {
      this.#drained += chunk.length
      if (this.#drained > drainLimit) abandon(controller)
    } else if (this.#body !== undefined) {
      this.#body.receive(chunk)
    } else {
      this.#chunks.push(chunk)
      this.#held += chunk.length
      if (this.#held > mostHeld) this.flush()
    }
  }

  onResponseEnd (_controller: Dispatcher.DispatchController, trailers: Headers): void {
    clearTimeout(this.#drainTimer)
    if (this.#drained === undefined && this.attempt.outcome === undefined) this.#finish(trailers)
  }

  onResponseError (_controller: Dispatcher.DispatchController, error: Error): void {
    clearTimeout(this.#drainTimer)
    if (this.#drained !== undefined) return
    const { attempt } = this
    if (attempt.outcome !== undefined) return
    const reason = this.#stopped ?? (error instanceof GatewayError ? error.reason : undefined)
    if (this.#headers === undefined) {
      this.#loop.failed(this, reason ?? classify(error), error)
      return
    }
    this.#cut(reason ?? reasons['response-cut'], error)
  }

  /** Hands over what there is and lets the rest stream. */
  flush (): void {
    if (this.#delivered || this.attempt.outcome !== undefined) return
    this.#delivered = true
    const body = this.#body = new ResponseBody(this.#controller!, this.#idle, () => this.stop(reasons['idle-timeout']))
    // An error of the target reaches the client as a cut; without a listener it would reach the process.
    body.on('error', () => {})
    for (const chunk of this.#chunks) body.receive(chunk)
    this.#chunks = []
    this.#loop.deliver(this.#responseOf(body, undefined))
  }

  /** The answer is complete. */
  #finish (trailers: Headers): void {
    const { attempt } = this
    this.#loop.settle(attempt, attempt.statusCode! >= 500 ? 'failure' : 'success')
    if (this.#body !== undefined) {
      this.#loop.exchange.response!.trailers = trailers
      this.#body.complete()
      return
    }
    if (this.#delivered) return
    this.#delivered = true
    const body = this.#chunks.length > 1 && this.#held <= mostJoined ? [Buffer.concat(this.#chunks)] : this.#chunks
    this.#loop.deliver(this.#responseOf(body, trailers))
  }

  /** Its chunks are as the socket has read them, and nobody else has them. */
  #responseOf (body: TargetResponse['body'], trailers: Headers | undefined): TargetResponse {
    return { statusCode: this.attempt.statusCode!, headers: this.#headers!, body, ownership: 'given', trailers }
  }

  /** Whether the rest of the response is short enough to be read for the sake of its connection. */
  #isNearlyRead (): boolean {
    return Number(this.#headers?.['content-length']) - this.#received <= drainLimit
  }

  /** The client has gone, and the rest of the response is short. */
  #abandon (): void {
    const controller = this.#controller!
    this.#loop.settle(this.attempt, 'ignored')
    this.#body?.abandon()
    this.#body = undefined
    this.#drain(controller)
    controller.resume()
  }

  /** Reads an answer that nobody wants as far as it is worth it to keep its connection. */
  #drain (controller: Dispatcher.DispatchController): void {
    this.#drained = 0
    this.#drainTimer = setTimeout(abandon, drainTime, controller).unref()
  }

  /** The answer broke off after its head. */
  #cut (reason: Reason, cause: Error): void {
    const { attempt } = this
    const { exchange } = this.#loop
    const left = exchange.over || reason.code === 'client-closed'
    if (!left) {
      attempt.failure = reason
      exchange.reason = reason
      exchange.cause = cause
    }
    // A target that cuts its answer while the body still goes up may have had enough of it.
    this.#loop.settle(attempt, left || attempt.sentAt === undefined || reason.fault !== 'upstream' ? 'ignored' : 'failure')
    if (this.#body !== undefined) {
      this.#body.destroy(new GatewayError(reason, { cause }))
      return
    }
    this.#delivered = true
    this.#loop.broken(reason, cause)
  }
}

/** One function for all attempts, as below: a closure for each would be work on every request. */
function isSlow (handler: AttemptHandler): void {
  handler.slow()
}

function isLate (handler: AttemptHandler): void {
  handler.late()
}

/** Answers that never have a body, whatever length they declare. */
const bodiless: ReadonlySet<number> = new Set([204, 304])

function abandon (controller: Dispatcher.DispatchController): void {
  controller.abort(new Error('the answer is not wanted'))
}

/** Delta-seconds form only: dates of a foreign clock are not worth trusting. */
function retryAfter (value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
