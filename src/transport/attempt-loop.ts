/**
 * The attempt loop: takes the target that was selected, sends, and settles what comes back; then passes the answer on, or selects another
 * target and sends again; asks a second one where the first is slow; and stops at once when the client leaves. Where the upstream has nothing
 * to pass on, a loop of its fallback goes on.
 */

import type { Dispatcher } from 'undici'
import type { Clock, Random } from '../contract/clock.ts'
import { GatewayError, reasons, type Reason } from '../contract/errors.ts'
import type { Exchange, ServingUpstream } from '../contract/exchange.ts'
import type { Attempt, Outcome } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { ClientCallback, Outgoing } from '../contract/transport.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { attemptFields } from './attempt-fields.ts'
import { AttemptHandler, type AttemptOwner } from './attempt-handler.ts'
import { ExtraAttempts, type ExtraAttempt } from './retry/extra-attempts.ts'
import { unsent, useOf } from './failure.ts'
import { RequestBody } from './request-body.ts'
import { ResponseBody } from './response-body.ts'
import { retriesOf, type Retries } from './retry/retry.ts'
import { fallBack } from '../upstream/fallback.ts'

/** Called for every interim response (1xx) that comes before the response. */
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
  /** Made when the first attempt is not the only one. */
  #extra: ExtraAttempts | undefined
  /** Attempts that have been sent and have neither answered nor failed: one, or two while hedging. */
  readonly #pending: AttemptHandler[] = []
  /** The attempt whose answer is passed on. */
  #answering: AttemptHandler | undefined
  #body: RequestBody | Buffer | undefined
  #hedge: NodeJS.Timeout | undefined
  /** An attempt that is selected and waits for its turn. */
  #waiting: { readonly attempt: Attempt, readonly timer: NodeJS.Timeout } | undefined
  /** The end of the whole exchange, where it has one. */
  #end: PatientTimer | undefined
  /** When that is. */
  #endsAt = Infinity
  /** When the head of the answer must be there at the latest. */
  #deadline = Infinity
  /** An answer is on its way to the client, or the reason why there is none. */
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

  /** Sends the attempt that was selected last. `before`, whose fallback this is, leaves what is left of its time. */
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

  /** The head of an answer has arrived. Returns false when the answer is to be thrown away because another attempt is made, or under way. */
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
    if (this.#upstream.fallback?.statuses.has(attempt.statusCode!) === true && (this.#pending.length > 0 || this.#fallBack(attempt, true))) {
      this.settle(attempt, attempt.statusCode! >= 500 ? 'failure' : 'success')
      return false
    }
    this.#answering = handler
    if (this.#end !== undefined && handler.isEventStream) this.#end.clear()
    this.#decide()
    return true
  }

  /** Hands an answer to reply-from, unless the client has gone meanwhile. */
  deliver (response: TargetResponse): void {
    this.exchange.response = response
    if (this.exchange.over) {
      if (response.body instanceof ResponseBody) response.body.destroy()
      return
    }
    try {
      this.#callback(null, response)
    } catch (error) {
      // Thrown out of an event of the target it would reach the process and not the client.
      if (response.body instanceof ResponseBody) response.body.destroy()
      this.#fail(reasons.internal, error)
    }
  }

  /** An attempt failed before its answer began. */
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
    if (raced ? this.#launch(this.#extras.raced()) : !refused && this.#retries.failures.has(failure.code) && this.#again(attempt, attempt.reached)) return
    if (failure.fault === 'upstream' && !refused && this.#fallBack(attempt, attempt.reached)) return
    this.#decide()
    this.#fail(failure, cause)
  }

  /**
   * A target has been silent for a while, and its connection may be one that leads nowhere any more. Where it takes no new one, another target
   * is asked as well, if the request may be repeated; whichever answers first counts.
   */
  async suspect (handler: AttemptHandler): Promise<void> {
    const { attempt } = handler
    if (!this.#retries.failures.has('connect-timeout') || this.#body instanceof RequestBody || !this.#repeatable(true)) return
    if (this.#upstream.targets.length < 2) return
    const { target } = attempt
    const gone = (target.load.failure !== undefined && target.load.failure.at > attempt.startedAt) || !(await target.isReachable())
    if (gone && !this.#decided && this.#pending.length === 1 && this.#pending[0] === handler) this.#launch(this.#extras.beside(this.#deadline))
  }

  /** An answer broke off before any of it was handed over: the client can still be told. */
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
      // Of a plugin that writes fields. The attempt has been entered, so it must be settled too.
      this.failed(handler, reasons.internal, error)
      return
    }
    target.dispatcher!.dispatch({
      origin: target.origin,
      path: target.basePath === '' ? this.#outgoing.path : target.basePath + this.#outgoing.path,
      method: this.#outgoing.method,
      headers,
      body: this.#body as unknown as Dispatcher.DispatchOptions['body'],
      // undici would close the connection, for fear of a body after it.
      reset: this.#outgoing.method === 'HEAD' ? false : undefined,
      servername: this.#outgoing.hostPreserved ? target.serverName : undefined
    } as Dispatcher.DispatchOptions, handler)
    if (attempt.kind === 'first' || attempt.kind === 'fallback') this.#planHedge()
  }

  #stream (handler: AttemptHandler): RequestBody {
    const body = new RequestBody(this.exchange.upload!)
    // A long upload is no slow answer, and a slow client no slow target: the clock rests while bytes of the client are waited for.
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
    // A body may go on after the answer has begun.
    if (handler.attempt.answeredAt !== undefined || handler.attempt.outcome !== undefined) return
    const response = this.#upstream.config.timeouts.response || Infinity
    const left = Math.max(1, this.#deadline - now)
    if (response <= left) handler.expect(response, reasons['response-timeout'])
    else handler.expect(left, reasons['total-timeout'])
  }

  #planHedge (): void {
    // A body that comes as a stream is there for one attempt at a time: with two, neither would get all of it.
    if (this.#body instanceof RequestBody) return
    const after = this.#retries.hedgeAfter()
    if (after === undefined || this.#upstream.targets.length < 2 || !this.#repeatable(true)) return
    this.#hedge = setTimeout(() => {
      if (this.#pending.length === 1) this.#launch(this.#extras.hedge(this.#deadline))
    }, after)
  }

  /** After a failure. */
  #again (last: Attempt, sent: boolean): boolean {
    const unreached = unsent.has(last.failure!.code) && this.#repeatable(false)
    return (unreached && this.#launch(this.#extras.elsewhere(last, this.#deadline))) || this.#retry(last, sent)
  }

  #retry (last: Attempt, sent: boolean): boolean {
    return this.#repeatable(sent) && this.#launch(this.#extras.retry(last, sent, this.#deadline))
  }

  /** Lets the upstream's fallback go on, where it has one, there is time left, and the request may be repeated. */
  #fallBack ({ failure, statusCode }: Attempt, sent: boolean): boolean {
    const now = this.clock.now()
    if (this.#upstream.fallback === undefined || failure === reasons['total-timeout'] || now >= this.#deadline || !this.#repeatable(sent)) return false
    if (fallBack(this.exchange, now, failure?.code ?? `status ${statusCode!}`) === undefined) return false
    this.#end?.clear()
    this.#decide()
    new AttemptLoop(this.exchange, this.clock, this.#random, this.#callback, this.#interim).start(this)
    return true
  }

  /** Sends an extra attempt when its time has come. */
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
   * Whether a kept-alive socket was closed by the target just before our bytes arrived. That says nothing about the target and is worth
   * one more attempt whatever the rules say (RFC 9112 §9.3.1).
   */
  #lostRace (handler: AttemptHandler, failure: Reason, cause: unknown): boolean {
    return failure.code === 'connection-terminated' && !handler.begun && this.#extra?.hasRaced !== true && (useOf(cause)?.bytesRead ?? 0) > 0 && this.#repeatable(true)
  }

  /**
   * Whether the target closed the connection in the middle of the request's body, which a client can bring about with a body that is refused
   * everywhere: that says nothing about the target, and no other one need see it. A target that takes no connections has just gone.
   */
  #refusedUpload ({ sentAt, reached, target }: Attempt, failure: Reason, cause: unknown): boolean {
    return this.exchange.hasBody && failure.code === 'connection-terminated' && reached && target.load.failure === undefined &&
      (sentAt === undefined || useOf(cause)?.writing === true)
  }

  #repeatable (sent: boolean): boolean {
    if (this.#body instanceof RequestBody && this.#body.started) return false
    return !sent || this.#retries.methods.has(this.exchange.method)
  }

  /** An attempt has its answer or its failure. */
  #remove (handler: AttemptHandler): void {
    handler.rest()
    if (this.#pending.at(-1) === handler) this.#pending.pop()
    else if (this.#pending[0] === handler) this.#pending.shift()
    this.#extra?.refund(handler.attempt)
  }

  /** What becomes of the exchange is known: everything else that is under way or planned is dropped. */
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

  /** Past reply-from, which would log every failure and rename it. */
  #fail (failure: Reason, cause: unknown): void {
    const error = cause instanceof GatewayError && cause.reason === failure ? cause : new GatewayError(failure, { cause })
    void this.exchange.reply!.send(error)
  }

  /** The client has gone, or its response is complete. */
  #cancel (): void {
    this.#end?.clear()
    this.#decide()
    this.#answering?.stop(reasons['client-closed'])
  }
}
