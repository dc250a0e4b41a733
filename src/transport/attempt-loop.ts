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
import type { ClientCallback, Outgoing } from '../contract/transport.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import type { NamedDispatchOptions } from '../internals/undici-server-name.ts'
import { useOf } from '../internals/undici-socket-errors.ts'
import { dispatchBody } from '../internals/undici-stream-body.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { attemptFields } from './attempt-fields.ts'
import { AttemptHandler, type AttemptOwner } from './attempt-handler.ts'
import { ExtraAttempts, type ExtraAttempt } from './retry/extra-attempts.ts'
import { unsent } from './failure.ts'
import { RequestBody } from './request-body.ts'
import { ResponseBody } from './response-body.ts'
import { retriesOf, type Retries } from './retry/retry.ts'
import { fallBack } from '../upstream/fallback.ts'

/** Called for every interim response (1xx) before the final one. */
export type InterimCallback = (exchange: Exchange, statusCode: number, headers: Record<string, string | string[]>) => void

export class AttemptLoop implements AttemptOwner {
  readonly exchange: HttpExchange
  readonly clock: Clock
  readonly #random: Random
  readonly #callback: ClientCallback
  readonly #interim: InterimCallback
  readonly #upstream: ServingUpstream
  readonly #outgoing: Outgoing
  readonly #retries: Retries
  /** Created for the second attempt; most exchanges need only one. */
  #extra: ExtraAttempts | undefined
  /** Attempts that were sent and have neither a response nor a failure: one, or two while hedging. */
  readonly #pending: AttemptHandler[] = []
  /** The attempt whose response is passed on. */
  #answering: AttemptHandler | undefined
  #body: RequestBody | Buffer | undefined
  #hedge: NodeJS.Timeout | undefined
  /** An attempt that is selected and waits for its back-off. */
  #waiting: { readonly attempt: Attempt, readonly timer: NodeJS.Timeout } | undefined
  /** The timer of the whole exchange, where it has a deadline. */
  #end: PatientTimer | undefined
  /** When it expires. */
  #endsAt = Infinity
  /** The latest time for the headers of the response to arrive. */
  #deadline = Infinity
  /** Whether the result is known: a response is being sent to the client, or the reason why there is none. */
  #decided = false

  constructor (exchange: HttpExchange, clock: Clock, random: Random, callback: ClientCallback, interim: InterimCallback) {
    this.exchange = exchange
    this.clock = clock
    this.#callback = callback
    this.#interim = interim
    this.#upstream = exchange.upstream!
    this.#outgoing = exchange.outgoing!
    this.#retries = retriesOf(this.#upstream)
    this.#random = random
  }

  /** Sends the attempt that was selected last. A fallback continues with the remaining time of the loop `before`. */
  start (before?: AttemptLoop): void {
    const now = this.clock.now()
    this.#retries.budget.begin(now)
    this.exchange.onClose(() => this.#cancel())
    const { attempt: first, body, startedAt } = this.exchange
    const { exchange: bound } = this.#upstream.config.timeouts
    if (bound > 0) this.#endsAt = startedAt + bound
    if (before !== undefined) {
      this.#endsAt = Math.min(this.#endsAt, before.#endsAt)
      this.#deadline = before.#deadline
    }
    if (this.#endsAt !== Infinity) this.#bound()
    this.#body = body
    if (!this.exchange.hasBody || this.#body !== undefined) this.#startClock(now)
    this.#send(first!)
  }

  /** An interim response has arrived. */
  interim (statusCode: number, headers: Record<string, string | string[]>): void {
    if (!this.#decided) this.#interim(this.exchange, statusCode, headers)
  }

  /**
   * The status line and headers have arrived. Returns false when the response is to be discarded because another attempt is made, or under
   * way.
   */
  answered (handler: AttemptHandler): boolean {
    const { attempt } = handler
    this.#remove(handler)
    attempt.target.answered(attempt, attempt.answeredAt!)
    if (this.#decided) {
      this.settle(attempt, 'ignored')
      return false
    }
    if (this.#retries.statuses.has(attempt.statusCode!) && (this.#pending.length > 0 || this.#retry(attempt, true))) {
      this.settle(attempt, 'failure')
      return false
    }
    if (this.#upstream.fallback?.statuses.has(attempt.statusCode!) === true && (this.#pending.length > 0 || this.#fallBack(
      attempt,
      true
    ))) {
      this.settle(attempt, attempt.statusCode! >= 500 ? 'failure' : 'success')
      return false
    }
    this.#answering = handler
    if (this.#end !== undefined && handler.isEventStream) this.#end.clear()
    this.#decide()
    return true
  }

  /** Passes a response to reply-from, unless the client has left meanwhile. */
  deliver (response: TargetResponse): void {
    this.exchange.response = response
    if (this.exchange.over) {
      if (response.body instanceof ResponseBody) response.body.destroy()
      return
    }
    try {
      this.#callback(null, response)
    } catch (error) {
      // Thrown out of an event of the target, the error would crash the process and not reach the client.
      if (response.body instanceof ResponseBody) response.body.destroy()
      this.#fail(reasons.internal, error)
    }
  }

  /** An attempt failed before its response began. */
  failed (handler: AttemptHandler, failure: Reason, cause: unknown): void {
    const { attempt } = handler
    this.#remove(handler)
    if (this.#decided) {
      this.settle(attempt, 'ignored')
      return
    }
    attempt.failure = failure
    const raced = this.#lostRace(handler, failure, cause)
    const refused = this.#refusedUpload(attempt, failure, cause)
    this.settle(attempt, failure.fault === 'upstream' && !raced && !refused ? 'failure' : 'ignored')
    if (this.#pending.length > 0) return
    if (raced ? this.#launch(this.#extras.raced()) : !refused && this.#retries.failures.has(failure.code) && this.#again(
      attempt,
      attempt.reached
    )) return
    if (failure.fault === 'upstream' && !refused && this.#fallBack(attempt, attempt.reached)) return
    this.#decide()
    this.#fail(failure, cause)
  }

  /**
   * A target has been silent for a while, so its connection may be dead. Where the target accepts no new connection, the request is also
   * sent to another target, if it may be repeated. The first response counts.
   */
  async suspect (handler: AttemptHandler): Promise<void> {
    const { attempt } = handler
    if (!this.#retries.failures.has('connect-timeout') || this.#body instanceof RequestBody || !this.#repeatable(true)) return
    if (this.#upstream.targets.length < 2) return
    const { target } = attempt
    const gone = (target.load.failure !== undefined && target.load.failure.at > attempt.startedAt) || !(await target.isReachable())
    if (gone && !this.#decided && this.#pending.length === 1 && this.#pending[0] === handler) {
      this.#launch(this.#extras.beside(this.#deadline))
    }
  }

  /** A response broke off before any of it was passed on, so the client can still get an error response. */
  broken (failure: Reason, cause: unknown): void {
    if (!this.exchange.over) this.#fail(failure, cause)
  }

  settle (attempt: Attempt, outcome: Outcome): void {
    attempt.target.settle(attempt, outcome, this.clock.now())
  }

  get #extras (): ExtraAttempts {
    return this.#extra ??= new ExtraAttempts(this.exchange, this.clock, this.#random, this.#retries)
  }

  #send (attempt: Attempt): void {
    const { exchange } = this
    const { target } = attempt
    const handler = new AttemptHandler(this, attempt, this.#upstream.config.timeouts.idle)
    this.#pending.push(handler)
    const now = this.clock.now()
    if (exchange.hasBody && !Buffer.isBuffer(this.#body)) this.#body = this.#stream(handler)
    else attempt.sentAt = now
    this.#arm(handler, now)
    let headers: string[]
    try {
      headers = attemptFields(exchange, attempt, this.#deadline - now)
    } catch (error) {
      // The error of a plugin that writes fields. The attempt was started, so it must be settled too.
      this.failed(handler, reasons.internal, error)
      return
    }
    target.dispatcher!.dispatch({
      origin: target.origin,
      path: target.basePath === '' ? this.#outgoing.path : target.basePath + this.#outgoing.path,
      method: this.#outgoing.method,
      headers,
      body: dispatchBody(this.#body),
      // undici would close the connection after a HEAD request, in case a body follows.
      reset: this.#outgoing.method === 'HEAD' ? false : undefined,
      servername: this.#outgoing.hostPreserved ? target.serverName : undefined
    } as NamedDispatchOptions, handler)
    if (attempt.kind === 'first' || attempt.kind === 'fallback') this.#planHedge()
  }

  #stream (handler: AttemptHandler): RequestBody {
    const body = new RequestBody(this.exchange.upload!)
    // Waiting for the client's upload must not count as a slow target, so the clock stops meanwhile.
    body.on('flowing', () => handler.rest())
    body.on('full', () => this.#arm(handler, this.clock.now()))
    body.on('end', () => {
      const now = this.clock.now()
      handler.attempt.sentAt = now
      this.#startClock(now)
      this.#arm(handler, now)
    })
    return body
  }

  #bound (): void {
    const { exchange } = this
    this.#end = patiently(Math.max(1, this.#endsAt - this.clock.now()), () => {
      exchange.reason = reasons['exchange-timeout']
      if (this.#decided) {
        exchange.reply!.raw.destroy()
        return
      }
      this.#decide()
      this.#fail(exchange.reason, undefined)
    })
  }

  #startClock (now: number): void {
    const { total } = this.#upstream.config.timeouts
    if (total > 0) this.#deadline = Math.min(this.#deadline, now + total)
  }

  #arm (handler: AttemptHandler, now: number): void {
    // The upload may continue after the response has begun.
    if (handler.attempt.answeredAt !== undefined || handler.attempt.outcome !== undefined) return
    const response = this.#upstream.config.timeouts.response || Infinity
    const left = Math.max(1, this.#deadline - now)
    if (response <= left) handler.expect(response, reasons['response-timeout'])
    else handler.expect(left, reasons['total-timeout'])
  }

  #planHedge (): void {
    // A streamed body can serve only one attempt at a time. With two, neither would get all of it.
    if (this.#body instanceof RequestBody) return
    const after = this.#retries.hedgeAfter()
    if (after === undefined || this.#upstream.targets.length < 2 || !this.#repeatable(true)) return
    this.#hedge = setTimeout(() => {
      if (this.#pending.length === 1) this.#launch(this.#extras.hedge(this.#deadline))
    }, after)
  }

  /** Makes another attempt after a failure, where one is allowed. */
  #again (last: Attempt, sent: boolean): boolean {
    const unreached = unsent.has(last.failure!.code) && this.#repeatable(false)
    return (unreached && this.#launch(this.#extras.elsewhere(last, this.#deadline))) || this.#retry(last, sent)
  }

  #retry (last: Attempt, sent: boolean): boolean {
    return this.#repeatable(sent) && this.#launch(this.#extras.retry(last, sent, this.#deadline))
  }

  /** Continues with the upstream's fallback, where there is one, time remains and the request may be repeated. */
  #fallBack ({ failure, statusCode }: Attempt, sent: boolean): boolean {
    const now = this.clock.now()
    if (this.#upstream.fallback === undefined || failure === reasons['total-timeout'] || now >= this.#deadline || !this.#repeatable(sent)) {
      return false
    }
    if (fallBack(this.exchange, now, failure?.code ?? `status ${statusCode!}`) === undefined) return false
    this.#end?.clear()
    this.#decide()
    new AttemptLoop(this.exchange, this.clock, this.#random, this.#callback, this.#interim).start(this)
    return true
  }

  /** Sends an extra attempt after its back-off. */
  #launch (extra: ExtraAttempt | undefined): boolean {
    if (extra === undefined) return false
    const { attempt, wait } = extra
    if (wait === 0) this.#send(attempt)
    else this.#waiting = { attempt, timer: setTimeout(() => this.#sendWaiting(), wait) }
    return true
  }

  #sendWaiting (): void {
    const { attempt } = this.#waiting!
    this.#waiting = undefined
    attempt.startedAt = this.clock.now()
    this.#send(attempt)
  }

  /**
   * Whether the target closed a kept-alive connection just before the request arrived. That is no failure of the target, and the request is
   * sent once more regardless of the retry rules (RFC 9112 §9.3.1).
   */
  #lostRace (handler: AttemptHandler, failure: Reason, cause: unknown): boolean {
    return failure.code === 'connection-terminated' && !handler.begun && this.#extra?.hasRaced !== true &&
      (useOf(cause)?.bytesRead ?? 0) > 0 && this.#repeatable(true)
  }

  /**
   * Whether the target closed the connection in the middle of the upload. A client can cause that with a body that every target rejects, so
   * it is no failure of the target and is not retried. A target that also accepts no connections is down.
   */
  #refusedUpload ({ sentAt, reached, target }: Attempt, failure: Reason, cause: unknown): boolean {
    return this.exchange.hasBody && failure.code === 'connection-terminated' && reached && target.load.failure === undefined &&
      (sentAt === undefined || useOf(cause)?.writing === true)
  }

  #repeatable (sent: boolean): boolean {
    if (this.#body instanceof RequestBody && this.#body.started) return false
    return !sent || this.#retries.methods.has(this.exchange.method)
  }

  /** An attempt has its response or its failure. */
  #remove (handler: AttemptHandler): void {
    handler.rest()
    if (this.#pending.at(-1) === handler) this.#pending.pop()
    else if (this.#pending[0] === handler) this.#pending.shift()
    this.#extra?.refund(handler.attempt)
  }

  /** The result of the exchange is known. Cancels all other attempts, under way or planned. */
  #decide (): void {
    if (this.#decided) return
    this.#decided = true
    this.#retries.budget.end()
    clearTimeout(this.#hedge)
    if (this.#waiting !== undefined) {
      clearTimeout(this.#waiting.timer)
      this.#extra?.refund(this.#waiting.attempt)
      this.settle(this.#waiting.attempt, 'ignored')
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
    this.#end?.clear()
    this.#decide()
    this.#answering?.stop(reasons['client-closed'])
  }
}
