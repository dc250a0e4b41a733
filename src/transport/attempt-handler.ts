/** Hears what becomes of one attempt, and tells its owner of a response, a failure or a truncated response. */

import type { Duplex } from 'node:stream'
import type { Clock } from '../contract/clock.ts'
import { GatewayError, reasons, type Reason, type ReasonCode } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { Attempt, Outcome } from '../contract/target.ts'
import type { ResponseFields, Transmission, TransportFailure, TransportListener } from '../contract/transport.ts'
import { grpcStatus, readGrpcStatus } from '../http/grpc/status.ts'
import { isEventStream } from '../http/media-type.ts'
import { judgedStatus } from '../upstream/judged-status.ts'
import { failedTrailers, isGrpcResponse } from './grpc-call.ts'
import { ResponseDelivery, type DeliveryOwner } from './response-delivery.ts'
import { ResponseTimer, type TimedAttempt } from './response-timer.ts'

/** The most bytes of a discarded response that are read to keep its connection. A longer one closes the connection. */
const drainLimit = 64 * 1024

/** The longest time for the rest of a discarded response, in milliseconds, so that a stalled target does not occupy a connection. */
const drainTime = 1000

/** The most interim responses (1xx) that are forwarded to the client. */
const interimPassed = 16

/** The owner of an attempt. It receives the result and decides what that means for the exchange. */
export interface AttemptOwner {
  readonly exchange: Exchange
  readonly clock: Clock
  /** An interim response (1xx) has arrived. */
  interim (statusCode: number, headers: ResponseFields): void
  /**
   * The status line and headers have arrived. Returns false when the response is to be discarded because another attempt is made, or under
   * way.
   */
  answered (handler: AttemptHandler): boolean
  /** Passes the response on to the client. */
  deliver (response: TargetResponse): void
  /** The attempt failed before its response began. `failure` is undefined where the gateway gave up before there was a connection. */
  failed (handler: AttemptHandler, reason: Reason, failure: TransportFailure | undefined): void
  /** The response broke off before any of it was passed on. */
  broken (reason: Reason, cause: unknown): void
  /** The target has been silent for longer than a connection may take to open. */
  suspect (handler: AttemptHandler): Promise<void>
  settle (attempt: Attempt, outcome: Outcome): void
}

export class AttemptHandler implements TransportListener, TimedAttempt, DeliveryOwner {
  readonly attempt: Attempt
  /** Limits the time until the response begins. */
  readonly timer: ResponseTimer
  readonly #owner: AttemptOwner
  #transmission: Transmission | undefined
  #headers: ResponseFields | undefined
  #delivery: ResponseDelivery | undefined
  /** The connection to the target, where it has accepted a WebSocket. */
  #tunnel: Duplex | undefined
  /** Bytes of the body so far. */
  #received = 0
  /** Bytes of the rest of a discarded response; undefined unless it is being read. */
  #drained: number | undefined
  #drainTimer: NodeJS.Timeout | undefined
  #interim = 0
  #stopped: Reason | undefined

  constructor (owner: AttemptOwner, attempt: Attempt) {
    this.#owner = owner
    this.attempt = attempt
    this.timer = new ResponseTimer(this)
  }

  /** Whether the attempt was ended from this side. */
  get gone (): boolean {
    return this.#stopped !== undefined
  }

  /** Whether the response is an event stream, which may last for ever and be silent for long. */
  get isEventStream (): boolean {
    return isEventStream(this.#headers?.['content-type'])
  }

  slow (): void {
    if (this.#transmission?.begun === false) void this.#owner.suspect(this)
  }

  idle (): void {
    this.stop(reasons['idle-timeout'])
  }

  /** Ends the attempt from this side: on a timeout, or because the client has left. */
  stop (reason: Reason): void {
    if (this.attempt.outcome !== undefined || this.#stopped !== undefined) return
    this.#stopped = reason
    if (reason.code === 'client-closed' && this.#isNearlyRead()) {
      this.#abandon()
      return
    }
    if (this.#tunnel !== undefined) {
      this.#tunnel.destroy()
      return
    }
    if (this.#transmission !== undefined) {
      this.#transmission.abort(new GatewayError(reason))
      return
    }
    // Still waiting for a connection. It is aborted when it gets one.
    this.#owner.failed(this, reason, undefined)
  }

  started (transmission: Transmission): void {
    this.#transmission = transmission
    this.attempt.reached = true
    if (this.#stopped !== undefined) transmission.abort(new GatewayError(this.#stopped))
  }

  interim (statusCode: number, headers: ResponseFields): void {
    if (++this.#interim <= interimPassed) this.#owner.interim(statusCode, headers)
  }

  head (statusCode: number, headers: ResponseFields): void {
    const { attempt } = this
    attempt.statusCode = statusCode
    attempt.answeredAt = this.#owner.clock.now()
    attempt.retryAfter = retryAfter(headers['retry-after'])
    this.#headers = headers
    if (this.#owner.exchange.grpc !== undefined) {
      this.#readStatus(headers)
      attempt.trailersOnly = attempt.grpcStatus !== undefined
    }
    if (!this.#owner.answered(this)) {
      this.#drain()
      return
    }
    const head = { transmission: this.#transmission!, statusCode, headers }
    this.#delivery = new ResponseDelivery(this, head, this.#longestSilence(headers))
  }

  data (chunk: Buffer): void {
    this.#received += chunk.length
    if (this.#drained === undefined) {
      this.#delivery!.receive(chunk)
      return
    }
    this.#drained += chunk.length
    if (this.#drained > drainLimit) abort(this.#transmission!)
  }

  end (trailers: ResponseFields): void {
    clearTimeout(this.#drainTimer)
    const { attempt } = this
    if (this.#drained !== undefined || attempt.outcome !== undefined) return
    if (this.#owner.exchange.grpc !== undefined && !attempt.trailersOnly) {
      this.#readStatus(trailers)
      // Clients take it for UNKNOWN.
      if (isGrpcResponse(this.#headers!)) attempt.grpcStatus ??= grpcStatus.UNKNOWN
    }
    this.#owner.exchange.grpcStatus = attempt.grpcStatus
    this.#owner.settle(attempt, outcomeOf(attempt))
    this.#delivery!.complete(trailers)
  }

  tunnelled (headers: ResponseFields, connection: Duplex): void {
    const { attempt } = this
    attempt.statusCode = 101
    attempt.answeredAt = this.#owner.clock.now()
    this.#headers = headers
    if (!this.#owner.answered(this)) {
      connection.destroy()
      return
    }
    this.#tunnel = connection
    connection.once('close', () => this.#owner.settle(attempt, 'success'))
    this.#owner.deliver({ statusCode: 101, headers, body: [], ownership: 'given', tunnel: connection, trailers: undefined })
  }

  failed (failure: TransportFailure): void {
    clearTimeout(this.#drainTimer)
    this.attempt.resetCode = failure.resetCode
    if (this.#drained !== undefined || this.attempt.outcome !== undefined) return
    if (this.#headers === undefined) this.#owner.failed(this, failure.reason, failure)
    else this.#cut(failure.reason, failure.cause)
  }

  deliver (response: TargetResponse): void {
    this.#owner.deliver(response)
  }

  /** Streams of gRPC may be silent. Pings find out whether their target is still there. */
  #longestSilence (headers: ResponseFields): number {
    const { idle, eventStreamIdle } = this.attempt.target.upstream.config.timeouts
    if (this.isEventStream) return eventStreamIdle
    return isGrpcResponse(headers) ? 0 : idle
  }

  #readStatus (fields: ResponseFields): void {
    this.attempt.grpcStatus = readGrpcStatus(fields['grpc-status'])
  }

  /** Whether the rest of the response is short enough to read it and keep the connection. */
  #isNearlyRead (): boolean {
    return Number(this.#headers?.['content-length']) - this.#received <= drainLimit
  }

  /** The client has left, and the rest of the response is short. */
  #abandon (): void {
    this.#owner.settle(this.attempt, 'ignored')
    this.#delivery?.abandon()
    this.#drain()
    this.#transmission!.resume()
  }

  /** Reads the rest of a discarded response, within limits, to keep its connection. */
  #drain (): void {
    this.#drained = 0
    this.#drainTimer = setTimeout(abort, drainTime, this.#transmission!).unref()
  }

  /** The response broke off after its headers. */
  #cut (reason: Reason, cause: Error): void {
    const { attempt } = this
    const { exchange } = this.#owner
    const left = exchange.over || reason.code === 'client-closed'
    if (!left) {
      attempt.failure = reason
      exchange.reason = reason
      exchange.cause = cause
    }
    const trailers = left ? undefined : failedTrailers(exchange, reason, attempt)
    // A target that truncates its response during the upload may have stopped reading the body on purpose.
    const unblamed = left || attempt.sentAt === undefined || reason.fault !== 'upstream' || timeIsUp.has(reason.code)
    this.#owner.settle(attempt, unblamed ? 'ignored' : 'failure')
    if (trailers !== undefined && this.#delivery!.finish(trailers)) return
    if (!this.#delivery!.cut(new GatewayError(reason, { cause }))) this.#owner.broken(reason, cause)
  }
}

/** Reasons that say nothing about the target, although they are not the client's fault. */
const timeIsUp: ReadonlySet<string> = new Set<ReasonCode>(['exchange-timeout', 'deadline-exceeded'])

/** What a complete response says about its target. A call that was cancelled, or whose deadline has passed, says nothing. */
function outcomeOf (attempt: Attempt): Outcome {
  if (attempt.grpcStatus === grpcStatus.CANCELLED || attempt.grpcStatus === grpcStatus.DEADLINE_EXCEEDED) return 'ignored'
  return judgedStatus(attempt)! >= 500 ? 'failure' : 'success'
}

function abort (transmission: Transmission): void {
  transmission.abort(new Error('the response is not wanted'))
}

/** Reads the delta-seconds form only. A date would depend on the clock of the target. */
function retryAfter (value: string | string[] | undefined): number | undefined {
  return typeof value === 'string' && /^\d{1,6}$/.test(value) ? Number(value) : undefined
}
