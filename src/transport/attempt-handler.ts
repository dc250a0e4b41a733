/** Handles undici's events of one attempt and turns them into a response, a failure or a truncated response. */

import type { Dispatcher } from 'undici'
import type { Clock } from '../contract/clock.ts'
import { GatewayError, reasons, type Reason } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { Attempt, Outcome } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import { isPlainlyFramed } from '../http/transfer-coding.ts'
import { FirstByteHandler } from '../internals/undici-first-byte.ts'
import { unaskedContinue } from '../internals/undici-response-parser.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { batchWrite } from '../scheduling/write-batch.ts'
import { classify } from './failure.ts'
import { ResponseBody } from './response-body.ts'

/** The most bytes of a discarded response that are read to keep its connection. A longer one closes the connection. */
const drainLimit = 64 * 1024

/** The longest time for the rest of a discarded response, in milliseconds, so that a stalled target does not occupy a connection. */
const drainTime = 1000

/** The most bytes of a response that are held while it may still complete. A longer response is streamed. */
const mostHeld = 128 * 1024

/** The most bytes that are copied to join several chunks into one. */
const mostJoined = 16 * 1024

/** The most interim responses (1xx) before the final one. */
const interimLimit = 100

/** The most of them that are forwarded to the client. */
const interimPassed = 16

type Headers = Record<string, string | string[]>

/** The owner of an attempt. It receives the result and decides what that means for the exchange. */
export interface AttemptOwner {
  readonly exchange: Exchange
  readonly clock: Clock
  /** An interim response (1xx) has arrived. */
  interim (statusCode: number, headers: Headers): void
  /**
   * The status line and headers have arrived. Returns false when the response is to be discarded because another attempt is made, or under
   * way.
   */
  answered (handler: AttemptHandler): boolean
  /** Passes the response on to the client. */
  deliver (response: TargetResponse): void
  /** The attempt failed before its response began. */
  failed (handler: AttemptHandler, failure: Reason, cause: unknown): void
  /** The response broke off before any of it was passed on. */
  broken (failure: Reason, cause: unknown): void
  /** The target has been silent for longer than a connection may take to open. */
  suspect (handler: AttemptHandler): Promise<void>
  settle (attempt: Attempt, outcome: Outcome): void
}

export class AttemptHandler extends FirstByteHandler implements Dispatcher.DispatchHandler {
  readonly attempt: Attempt
  readonly #loop: AttemptOwner
  readonly #idle: number
  #controller: Dispatcher.DispatchController | undefined
  #headers: Headers | undefined
  /** Chunks that arrived before the response was passed on. */
  #chunks: Buffer[] = []
  /** Their length in bytes. */
  #held = 0
  /** Bytes of the body so far. */
  #received = 0
  #body: ResponseBody | undefined
  #delivered = false
  #drained: number | undefined
  #drainTimer: NodeJS.Timeout | undefined
  #interim = 0
  #timer: PatientTimer | undefined
  /** The reason when its time is over, and the time that remains after the first check, in milliseconds. */
  #late: Reason | undefined
  #remaining = 0
  #stopped: Reason | undefined

  constructor (loop: AttemptOwner, attempt: Attempt, idle: number) {
    super()
    this.#loop = loop
    this.attempt = attempt
    this.#idle = idle
  }

  /** Whether the response is an event stream, whose end is not worth waiting for. */
  get isEventStream (): boolean {
    return String(this.#headers?.['content-type']).startsWith('text/event-stream')
  }

  /** Gives the target `time` milliseconds to begin its response; Infinity for no limit. */
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

  /** The response takes longer than opening a connection may take, so the owner checks whether the target is still reachable. */
  slow (): void {
    this.#timer = patiently(this.#remaining, isLate, this as AttemptHandler)
    if (this.attempt.reached && !this.begun) void this.#loop.suspect(this)
  }

  /** Called when its time is over. */
  late (): void {
    const reason = this.#late!
    this.stop(this.#dialling && reason.code === 'response-timeout' ? reasons['connect-timeout'] : reason)
  }

  /** Stops the clock: at present the gateway does not wait for the target. */
  rest (): void {
    this.#timer?.clear()
  }

  /** Whether it waits for a connection that is being opened, and not in the queue for an existing one. */
  get #dialling (): boolean {
    const { reached, target } = this.attempt
    return !reached && target.load.active <= target.upstream.config.connections.max
  }

  /** Ends the attempt from this side: on a timeout, or because the client has left. */
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
    // Still waiting for a connection. undici cannot cancel it, so it is aborted when it gets one.
    this.#loop.failed(this, reason, undefined)
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.attempt.reached = true
    if (this.#stopped !== undefined) controller.abort(new GatewayError(this.#stopped))
  }

  onResponseStart (controller: Dispatcher.DispatchController, statusCode: number, headers: Headers): void {
    const { attempt } = this
    if (statusCode < 200 && ++this.#interim <= interimLimit) {
      if (statusCode !== unaskedContinue && this.#interim <= interimPassed) this.#loop.interim(statusCode, headers)
      return
    }
    // Otherwise the client would get a body in a transfer coding that is not declared to it.
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
    // A 304 may declare a length (RFC 9110 §15.4.5). undici expects a body of that length and reports its absence as an error.
    if (bodiless.has(statusCode)) {
      this.#finish({})
      return
    }
    // A response that is complete by the end of this event-loop tick is sent in one write. A longer or slower one is streamed.
    batchWrite(this.#turnEnded)
  }

  /** Headers without any of their body wait one more event-loop tick, because the body may arrive in the next TCP segment. */
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

  /** Passes on what has arrived and streams the rest. */
  flush (): void {
    if (this.#delivered || this.attempt.outcome !== undefined) return
    this.#delivered = true
    const body = this.#body = new ResponseBody(this.#controller!, this.#idle, () => this.stop(reasons['idle-timeout']))
    // An error of the target truncates the response of the client. Without a listener it would crash the process.
    body.on('error', () => {})
    for (const chunk of this.#chunks) body.receive(chunk)
    this.#chunks = []
    this.#loop.deliver(this.#responseOf(body, undefined))
  }

  /** The response is complete. */
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

  /** Whether the rest of the response is short enough to read it and keep the connection. */
  #isNearlyRead (): boolean {
    return Number(this.#headers?.['content-length']) - this.#received <= drainLimit
  }

  /** The client has left, and the rest of the response is short. */
  #abandon (): void {
    const controller = this.#controller!
    this.#loop.settle(this.attempt, 'ignored')
    this.#body?.abandon()
    this.#body = undefined
    this.#drain(controller)
    controller.resume()
  }

  /** Reads the rest of a discarded response, within limits, to keep its connection. */
  #drain (controller: Dispatcher.DispatchController): void {
    this.#drained = 0
    this.#drainTimer = setTimeout(abandon, drainTime, controller).unref()
  }

  /** The response broke off after its headers. */
  #cut (reason: Reason, cause: Error): void {
    const { attempt } = this
    const { exchange } = this.#loop
    const left = exchange.over || reason.code === 'client-closed'
    if (!left) {
      attempt.failure = reason
      exchange.reason = reason
      exchange.cause = cause
    }
    // A target that truncates its response during the upload may have stopped reading the body on purpose.
    this.#loop.settle(attempt, left || attempt.sentAt === undefined || reason.fault !== 'upstream' ? 'ignored' : 'failure')
    if (this.#body !== undefined) {
      this.#body.destroy(new GatewayError(reason, { cause }))
      return
    }
    this.#delivered = true
    this.#loop.broken(reason, cause)
  }
}

/** One function for all attempts, as below, instead of a closure for each request. */
function isSlow (handler: AttemptHandler): void {
  handler.slow()
}

function isLate (handler: AttemptHandler): void {
  handler.late()
}

/** Statuses of responses that never have a body, whatever length they declare. */
const bodiless: ReadonlySet<number> = new Set([204, 304])

function abandon (controller: Dispatcher.DispatchController): void {
  controller.abort(new Error('the answer is not wanted'))
}

/** Reads the delta-seconds form only. A date would depend on the clock of the target. */
function retryAfter (value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
