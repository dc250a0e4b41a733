/** Sends the request of an exchange, once for each attempt, and limits the time until the response begins. */

import type { Clock } from '../contract/clock.ts'
import { reasons } from '../contract/errors.ts'
import type { TransportRequest } from '../contract/transport.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import type { AttemptHandler } from './attempt-handler.ts'
import { RequestBody } from './request-body.ts'
import type { TimeLimits } from './time-limits.ts'
import { transportRequest } from './transport-request.ts'

export class RequestSender {
  readonly #exchange: HttpExchange
  readonly #clock: Clock
  readonly #limits: TimeLimits
  /** Methods of requests that may be sent again although a target may have received them. */
  readonly #methods: ReadonlySet<string>
  #body: RequestBody | Buffer | undefined

  constructor (exchange: HttpExchange, clock: Clock, limits: TimeLimits, methods: ReadonlySet<string>) {
    this.#exchange = exchange
    this.#clock = clock
    this.#limits = limits
    this.#methods = methods
    this.#body = exchange.body
  }

  /** Whether the body is sent while it arrives. Such a body serves only one attempt at a time. */
  get streams (): boolean {
    return this.#body instanceof RequestBody
  }

  /**
   * Whether the request may be sent again. Bytes of a streamed body that were passed on are gone.
   * @param sent whether a target may have received the request
   */
  repeatable (sent: boolean): boolean {
    if (this.#body instanceof RequestBody && this.#body.started) return false
    return !sent || this.#methods.has(this.#exchange.method)
  }

  send (handler: AttemptHandler): void {
    const { attempt } = handler
    const now = this.#clock.now()
    if (this.#exchange.hasBody && !Buffer.isBuffer(this.#body)) this.#body = this.#stream(handler)
    else this.#complete(handler, now)
    this.#limit(handler, now)
    let request: TransportRequest
    try {
      request = transportRequest(this.#exchange, attempt, this.#body, this.#limits, now)
    } catch (error) {
      // The error of a plugin that writes fields. The attempt was started, so it must be settled too.
      handler.failed({ reason: reasons.internal, cause: error as Error, closedIdle: false, unwritten: false, unprocessed: false })
      return
    }
    attempt.target.transport!.send(request, handler)
  }

  #stream (handler: AttemptHandler): RequestBody {
    return new RequestBody(this.#exchange.upload!, {
      // Waiting for the client's upload must not count as a slow target, so the clock stops meanwhile.
      flowing: () => handler.timer.clear(),
      full: () => this.#limit(handler, this.#clock.now()),
      sent: trailers => {
        const now = this.#clock.now()
        this.#complete(handler, now)
        this.#limit(handler, now)
        return trailers.length === 0 ? undefined : this.#exchange.outgoing!.trailers(trailers)
      }
    })
  }

  /** The whole request is there. */
  #complete ({ attempt }: AttemptHandler, now: number): void {
    attempt.sentAt = now
    this.#limits.start(now)
  }

  #limit ({ attempt, timer }: AttemptHandler, now: number): void {
    // The upload may continue after the response has begun.
    if (attempt.answeredAt === undefined && attempt.outcome === undefined) this.#limits.limit(timer, now)
  }
}
