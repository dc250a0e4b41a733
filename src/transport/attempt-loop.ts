/**
 * The attempt loop of one exchange. Sends the request to the selected target, then passes the response on or tries another target. Hedges
 * when the first target is slow, and stops at once when the client leaves. Where all attempts fail, a second loop continues with the
 * fallback of the upstream.
 */

import type { Clock, Random } from '../contract/clock.ts'
import { GatewayError, reasons, type Reason } from '../contract/errors.ts'
import type { Exchange, ServingUpstream } from '../contract/exchange.ts'
import type { Attempt, Outcome } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { ClientCallback, ResponseFields, TransportFailure } from '../contract/transport.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import { fallBack } from '../upstream/fallback.ts'
import { AttemptHandler, type AttemptOwner } from './attempt-handler.ts'
import { deadlineOf } from './grpc-call.ts'
import { isRefusedUpload } from './refused-upload.ts'
import { RequestSender } from './request-sender.ts'
import { ResponseBody } from './response-body.ts'
import { ExtraAttempts, type ExtraAttempt } from './retry/extra-attempts.ts'
import { PlannedAttempts } from './retry/planned-attempts.ts'
import type { Retries } from '../contract/retries.ts'
import { retriesOf } from './retry/retry.ts'
import { TimeLimits } from './time-limits.ts'

/** Called for every interim response (1xx) before the final one. */
export type InterimCallback = (exchange: Exchange, statusCode: number, headers: ResponseFields) => void

/** What all loops of a generation share. */
export interface LoopContext {
  readonly clock: Clock
  readonly random: Random
  readonly interim: InterimCallback
}

export class AttemptLoop implements AttemptOwner {
  readonly exchange: HttpExchange
  readonly clock: Clock
  readonly #context: LoopContext
  readonly #callback: ClientCallback
  readonly #upstream: ServingUpstream
  readonly #retries: Retries
  readonly #limits: TimeLimits
  readonly #sender: RequestSender
  /** Created for the second attempt; most exchanges need only one. */
  #extra: ExtraAttempts | undefined
  /** Attempts that were sent and have neither a response nor a failure: one, or two while hedging. */
  readonly #pending: AttemptHandler[] = []
  /** The attempt whose response is passed on. */
  #answering: AttemptHandler | undefined
  /** Created when one is planned. */
  #planned: PlannedAttempts | undefined
  /** Whether the result is known: a response is being sent to the client, or the reason why there is none. */
  #decided = false

  /** @param before the loop whose upstream had to fall back to that of this one */
  constructor (exchange: HttpExchange, context: LoopContext, callback: ClientCallback, before?: AttemptLoop) {
    this.exchange = exchange
    this.clock = context.clock
    this.#context = context
    this.#callback = callback
    this.#upstream = exchange.upstream!
    this.#retries = retriesOf(this.#upstream)
    const earlier = before === undefined ? undefined : before.#limits
    this.#limits = new TimeLimits(this.#upstream.config.timeouts, exchange.startedAt, deadlineOf(exchange), earlier)
    this.#sender = new RequestSender(exchange, context.clock, this.#limits, this.#retries.methods)
  }

  /** Sends the attempt that was selected last. */
  start (): void {
    const { exchange } = this
    const now = this.clock.now()
    this.#retries.budget.begin(now)
    exchange.onClose(() => this.#cancel())
    this.#limits.bound(now, expire, this)
    this.#send(exchange.attempt!)
  }

  /** An interim response has arrived. */
  interim (statusCode: number, headers: ResponseFields): void {
    if (!this.#decided) this.#context.interim(this.exchange, statusCode, headers)
  }

  /**
   * The status line and headers have arrived. Returns false when the response is to be discarded because another attempt is made, or under
   * way.
   */
  answered (handler: AttemptHandler): boolean {
    const { attempt } = handler
    this.#remove(handler)
    attempt.target.answered(attempt, attempt.answeredAt!)
    if (this.#repeats(attempt)) {
      this.settle(attempt, 'failure')
      return false
    }
    const { fallback } = this.#upstream
    if (fallback?.statuses.has(attempt.statusCode!) === true && (this.#pending.length > 0 || this.#fallBack(attempt, true))) {
      this.settle(attempt, attempt.statusCode! >= 500 ? 'failure' : 'success')
      return false
    }
    this.#answering = handler
    if (handler.isEventStream || attempt.statusCode === 101) this.#limits.unbound()
    this.#decide()
    return true
  }

  /** Passes a response to reply-from. There is none after the client has left: that ends the attempt. */
  deliver (response: TargetResponse): void {
    this.exchange.response = response
    try {
      this.#callback(null, response)
    } catch (error) {
      // Thrown out of an event of the target, the error would crash the process and not reach the client.
      if (response.body instanceof ResponseBody) response.body.destroy()
      void this.exchange.reply!.send(error instanceof Error ? error : new Error('thrown', { cause: error }))
    }
  }

  /** An attempt failed before its response began. */
  failed (handler: AttemptHandler, reason: Reason, failure: TransportFailure | undefined): void {
    const { attempt } = handler
    this.#remove(handler)
    if (this.#decided) {
      this.settle(attempt, 'ignored')
      return
    }
    attempt.failure = reason
    const processed = attempt.reached && failure?.unprocessed !== true
    // A request that met the close of a kept-alive connection, or that the target has not processed, is sent once more regardless of the
    // retry rules (RFC 9112 §9.3.1, RFC 9113 §8.7).
    const unlucky = failure !== undefined && (failure.closedIdle || failure.unprocessed)
    const raced = unlucky && this.#extra?.hasRaced !== true && this.#sender.repeatable(processed)
    const refused = processed && this.exchange.hasBody && isRefusedUpload(attempt, failure?.unwritten === true)
    this.settle(attempt, reason.fault === 'upstream' && !raced && !refused ? 'failure' : 'ignored')
    if (this.#pending.length > 0) return
    if ((raced || !refused) && this.#launch(raced ? this.#extras.raced() : this.#extras.again(attempt, processed))) return
    if (reason.fault === 'upstream' && !refused && this.#fallBack(attempt, processed)) return
    this.#decide()
    this.#fail(reason, failure?.cause)
  }

  /**
   * A target has been silent for a while, so its connection may be dead. Where the target accepts no new connection, the request is also
   * sent to another target, if it may be repeated. The first response counts.
   */
  async suspect (handler: AttemptHandler): Promise<void> {
    const { target, startedAt } = handler.attempt
    if (!this.#retries.failures.has('connect-timeout') || this.#sender.streams || !this.#sender.repeatable(true)) return
    if (this.#upstream.targets.length < 2) return
    const known = target.load.failure !== undefined && target.load.failure.at > startedAt
    const gone = known || !(await target.transport!.isReachable())
    if (gone && !this.#decided && this.#pending.length === 1 && this.#pending[0] === handler) {
      this.#launch(this.#extras.beside())
    }
  }

  /** A response broke off before any of it was passed on, so the client can still get an error response. */
  broken (reason: Reason, cause: unknown): void {
    if (!this.exchange.over) this.#fail(reason, cause)
  }

  settle (attempt: Attempt, outcome: Outcome): void {
    attempt.target.settle(attempt, outcome, this.clock.now())
  }

  /** The exchange has lasted too long. */
  expire (): void {
    const { exchange } = this
    exchange.reason = this.#limits.expiry
    if (this.#decided) {
      // A gRPC client gets its status in trailers.
      if (exchange.grpc !== undefined && this.#answering?.attempt.outcome === undefined) this.#answering?.stop(exchange.reason)
      else exchange.reply!.raw.destroy()
      return
    }
    this.#decide()
    this.#fail(exchange.reason, undefined)
  }

  /** Whether another attempt is made in place of a response with this status. */
  #repeats (attempt: Attempt): boolean {
    const { statuses, grpcStatuses } = this.#retries
    if (attempt.trailersOnly ? !grpcStatuses.has(attempt.grpcStatus!) : !statuses.has(attempt.statusCode!)) return false
    return this.#pending.length > 0 || this.#launch(attempt.trailersOnly ? this.#extras.call(attempt) : this.#extras.retry(attempt, true))
  }

  get #plans (): PlannedAttempts {
    return this.#planned ??= new PlannedAttempts()
  }

  get #extras (): ExtraAttempts {
    return this.#extra ??= new ExtraAttempts({
      ...this.#context,
      exchange: this.exchange,
      retries: this.#retries,
      sender: this.#sender,
      limits: this.#limits
    })
  }

  #send (attempt: Attempt): void {
    const handler = new AttemptHandler(this, attempt)
    this.#pending.push(handler)
    this.#sender.send(handler)
    if (attempt.kind === 'first' || attempt.kind === 'fallback') this.#planHedge()
  }

  #planHedge (): void {
    // With two attempts, neither would get all of the body.
    if (this.#decided || this.#sender.streams) return
    const after = this.#retries.hedgeAfter()
    if (after === undefined || this.#upstream.targets.length < 2 || !this.#sender.repeatable(true)) return
    this.#plans.hedge(after, () => {
      if (this.#pending.length === 1) this.#launch(this.#extras.hedge())
    })
  }

  /** Continues with the upstream's fallback, where there is one, time remains and the request may be repeated. */
  #fallBack ({ failure, statusCode }: Attempt, sent: boolean): boolean {
    const now = this.clock.now()
    const late = failure === reasons['total-timeout'] || now >= this.#limits.deadline
    if (this.#upstream.fallback === undefined || late || !this.#sender.repeatable(sent)) return false
    if (fallBack(this.exchange, now, failure?.code ?? `status ${statusCode!}`) === undefined) return false
    this.#limits.unbound()
    this.#decide()
    new AttemptLoop(this.exchange, this.#context, this.#callback, this).start()
    return true
  }

  /** Sends an extra attempt after its back-off. */
  #launch (extra: ExtraAttempt | undefined): boolean {
    if (extra === undefined) return false
    const { attempt, wait } = extra
    if (wait === 0) this.#send(attempt)
    else this.#plans.wait(attempt, wait, next => this.#sendWaiting(next))
    return true
  }

  #sendWaiting (attempt: Attempt): void {
    attempt.startedAt = this.clock.now()
    this.#send(attempt)
  }

  /** An attempt has its response or its failure. */
  #remove (handler: AttemptHandler): void {
    handler.timer.clear()
    if (this.#pending.at(-1) === handler) this.#pending.pop()
    else if (this.#pending[0] === handler) this.#pending.shift()
    this.#extra?.refund(handler.attempt)
  }

  /** The result of the exchange is known. Cancels all other attempts, under way or planned. */
  #decide (): void {
    if (this.#decided) return
    this.#decided = true
    this.#retries.budget.end()
    const unsentAttempt = this.#planned?.cancel()
    if (unsentAttempt !== undefined) {
      this.#extra?.refund(unsentAttempt)
      this.settle(unsentAttempt, 'ignored')
    }
    for (const handler of this.#pending.slice()) handler.stop(reasons['client-closed'])
  }

  /** Bypasses reply-from, which would log every failure and replace its code. */
  #fail (failure: Reason, cause: unknown): void {
    const error = cause instanceof GatewayError && cause.reason === failure ? cause : new GatewayError(failure, { cause })
    void this.exchange.reply!.send(error)
  }

  /** The client has left, or its response is complete. */
  #cancel (): void {
    this.#limits.unbound()
    this.#decide()
    this.#answering?.stop(reasons['client-closed'])
  }
}

/** One function for all exchanges, instead of a closure for each. */
function expire (loop: AttemptLoop): void {
  loop.expire()
}
