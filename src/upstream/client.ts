/**
 * The client that reply-from sends with: the attempt loop. It takes the target that was selected, sends, classifies what comes
 * back, settles, maybe selects another target and sends again, and stops at once when the client leaves.
 */

import type { Dispatcher } from 'undici'
import type { Clock } from '../clock.ts'
import { GatewayError, reasons, type Reason } from '../errors.ts'
import type { Attempt, Outcome } from './attempt.ts'
import { AttemptHandler } from './attempt-handler.ts'
import { exchangeKey, type Exchange } from './exchange.ts'
import { RequestBody } from './request-body.ts'
import { ResponseBody } from './response-body.ts'
import { retryRules, type RetryRules } from './retry.ts'

/** What is to be sent, the same for every attempt. */
export interface Outgoing {
  readonly method: Dispatcher.HttpMethod
  /** Path without the target's base path, with query. */
  readonly path: string
  /** Flat list of names and values. */
  readonly headers: string[]
  /** Most body bytes that are let through. */
  readonly bodyLimit: number
  /** Whether the Host of the client is among the headers, so that TLS must be told the target's own name. */
  readonly hostPreserved: boolean
}

/** An answer as reply-from wants it. A small body that came at once is one Buffer; undefined is an empty one. */
export interface ClientResponse {
  readonly statusCode: number
  readonly headers: Record<string, string | string[]>
  readonly body: ResponseBody | Buffer | undefined
}

/** Called when there is an answer to pass on. Failures do not come here: the exchange's reply is sent the reason at once. */
export type ClientCallback = (error: null, response: ClientResponse) => void

/** The `{ request }` that is injected into reply-from. It finds the exchange under {@link exchangeKey} of the headers. */
export function createClient (clock: Clock): { request (options: { headers: object }, callback: ClientCallback): void } {
  return {
    request (options, callback) {
      const exchange = (options.headers as { [exchangeKey]: Exchange })[exchangeKey]
      new AttemptLoop(exchange, clock, callback).start()
    }
  }
}

/** All attempts of one exchange, one after the other. */
export class AttemptLoop {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly #callback: ClientCallback
  readonly #outgoing: Outgoing
  readonly #rules: RetryRules
  #handler: AttemptHandler | undefined
  #body: RequestBody | undefined
  #timer: NodeJS.Timeout | undefined
  /** When the head of the answer must be there at the latest. */
  #deadline = Infinity
  #raced = false

  constructor (exchange: Exchange, clock: Clock, callback: ClientCallback) {
    this.exchange = exchange
    this.clock = clock
    this.#callback = callback
    this.#outgoing = exchange.outgoing!
    this.#rules = retryRules(exchange.upstream!.config)
  }

  start (): void {
    this.exchange.cancel = () => this.#cancel()
    if (!this.exchange.hasBody) this.#startClock()
    this.#send(this.exchange.attempt!)
  }

  /** The head of an answer has arrived. Returns false when the answer is to be thrown away because another attempt is made. */
  answered (attempt: Attempt): boolean {
    clearTimeout(this.#timer)
    attempt.target.answered(attempt, this.clock.now())
    const next = this.#rules.statuses.has(attempt.statusCode!) ? this.#next(true) : undefined
    if (next === undefined) return true
    this.settle(attempt, 'failure')
    this.#send(next)
    return false
  }

  /** Hands an answer to reply-from, unless the client has gone meanwhile. */
  deliver (response: ClientResponse): void {
    if (this.exchange.closedAt !== undefined) return
    try {
      this.#callback(null, response)
    } catch (error) {
      // Thrown out of an event of the target it would reach the process and not the client.
      if (response.body instanceof ResponseBody) response.body.destroy()
      this.#fail(reasons.internal, error)
    }
  }

  /** An attempt failed before its answer began. */
  failed (attempt: Attempt, failure: Reason, cause: unknown): void {
    clearTimeout(this.#timer)
    attempt.failure = failure
    const raced = this.#lostRace(failure, cause)
    this.settle(attempt, failure.fault === 'upstream' && !raced ? 'failure' : 'ignored')
    if (this.exchange.closedAt !== undefined) return
    const next = raced ? this.#select() : this.#again(failure)
    if (next !== undefined) {
      this.#send(next)
      return
    }
    this.#fail(failure, cause)
  }

  /** An answer broke off before any of it was handed over: the client can still be told. */
  broken (failure: Reason, cause: unknown): void {
    if (this.exchange.closedAt === undefined) this.#fail(failure, cause)
  }

  settle (attempt: Attempt, outcome: Outcome): void {
    attempt.target.settle(attempt, outcome, this.clock.now())
  }

  /** Past reply-from, which would log every failure and rename it. */
  #fail (failure: Reason, cause: unknown): void {
    const error = cause instanceof GatewayError && cause.reason === failure ? cause : new GatewayError(failure, { cause })
    void this.exchange.reply!.send(error)
  }

  #send (attempt: Attempt): void {
    const { exchange } = this
    const { target } = attempt
    const handler = this.#handler = new AttemptHandler(this, attempt, exchange.upstream!.config.timeouts.idle)
    this.#body = exchange.hasBody ? this.#newBody() : undefined
    this.#arm()
    target.dispatcher!.dispatch({
      origin: target.origin,
      path: target.basePath === '' ? this.#outgoing.path : target.basePath + this.#outgoing.path,
      method: this.#outgoing.method,
      headers: this.#outgoing.headers,
      body: this.#body as unknown as Dispatcher.DispatchOptions['body'],
      ...(this.#outgoing.hostPreserved ? { servername: target.serverName } : {})
    } as Dispatcher.DispatchOptions, handler)
  }

  #newBody (): RequestBody {
    const body = new RequestBody(this.exchange, this.#outgoing.bodyLimit)
    // A long upload is no slow answer, and a slow client no slow target: the clock rests while bytes of the client are waited for.
    body.on('flowing', () => clearTimeout(this.#timer))
    body.on('full', () => this.#arm())
    body.on('end', () => { this.#startClock(); this.#arm() })
    return body
  }

  #startClock (): void {
    const { total } = this.exchange.upstream!.config.timeouts
    if (total > 0) this.#deadline = this.clock.now() + total
  }

  #arm (): void {
    clearTimeout(this.#timer)
    const handler = this.#handler!
    if (handler.attempt.answeredAt !== undefined) return
    const response = this.exchange.upstream!.config.timeouts.response || Infinity
    const left = Math.max(1, this.#deadline - this.clock.now())
    if (response === Infinity && left === Infinity) return
    const reason = response <= left ? reasons['response-timeout'] : reasons['total-timeout']
    this.#timer = setTimeout(() => handler.stop(reason), Math.min(response, left))
  }

  /** The attempt after a failure, if the rules and the state of the request allow one. */
  #again (failure: Reason): Attempt | undefined {
    return this.#rules.failures.has(failure.code) ? this.#next(!this.#rules.unsent.has(failure.code)) : undefined
  }

  /**
   * Whether a kept-alive socket was closed by the target just before our bytes arrived. That says nothing about the target and is worth
   * one more attempt whatever the rules say (RFC 9112 §9.3.1).
   */
  #lostRace (failure: Reason, cause: unknown): boolean {
    if (this.#raced || failure.code !== 'connection-terminated' || !wasReused(cause) || this.#handler!.begun || !this.#repeatable(true)) return false
    this.#raced = true
    return true
  }

  #next (sent: boolean): Attempt | undefined {
    const counted = this.exchange.attempts.length - (this.#raced ? 1 : 0)
    return counted >= this.#rules.attempts || !this.#repeatable(sent) ? undefined : this.#select()
  }

  #repeatable (sent: boolean): boolean {
    if (this.#body?.started === true) return false
    return !sent || idempotent.has(this.exchange.method)
  }

  #select (): Attempt | undefined {
    try {
      return this.exchange.upstream!.select(this.exchange, this.clock.now())
    } catch {
      // Nowhere else to go: the answer or failure at hand stands.
      return undefined
    }
  }

  #cancel (): void {
    clearTimeout(this.#timer)
    this.#handler?.stop(reasons['client-closed'])
  }
}

/** RFC 9110 §9.2.2 */
const idempotent: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE', 'PUT', 'DELETE', 'QUERY'])

/** Whether the socket had already served an answer before it broke. */
function wasReused (cause: unknown): boolean {
  const socket = (cause as { socket?: { bytesRead?: number } } | undefined)?.socket
  return (socket?.bytesRead ?? 0) > 0
}
