/** The exchange of an HTTP/1.1 request: what {@link Exchange} promises, and what the kernel keeps beside it. */

import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayError, Reason } from '../contract/errors.ts'
import type { Route } from '../contract/route.ts'
import type { Decision, Exchange, RouteMatch, ServingUpstream, TraceParent } from '../contract/exchange.ts'
import type { Attempt, Target } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { Outgoing } from '../contract/transport.ts'
import type { Upload, UploadRules } from './upload.ts'

/** The property of an IncomingMessage, and of the headers handed to reply-from, under which the exchange travels. */
export const exchangeKey: unique symbol = Symbol('onedoor.exchange')

export class HttpExchange implements Exchange {
  readonly raw: IncomingMessage
  readonly method: string
  readonly startedAt: number
  readonly peer: string
  clientIp: string
  id = ''
  path = ''
  query = ''
  authority: string | undefined
  host: string | undefined
  match: RouteMatch | undefined
  refusal: GatewayError | undefined
  trace: TraceParent | undefined
  upstream: ServingUpstream | undefined
  outgoing: Outgoing | undefined
  prepare: ((exchange: Exchange) => Outgoing) | undefined
  upstreamFields: string[] | undefined
  body: Buffer | undefined
  /** The reading of the body, once it has begun. */
  upload: Upload | undefined
  /** How the body may be read; set by the plugin host. */
  uploads!: UploadRules
  readonly attempts: Attempt[] = []
  response: TargetResponse | undefined
  reason: Reason | undefined
  cause: unknown
  decisions: Decision[] | undefined
  closedAt: number | undefined
  bytesOut = 0
  bytesIn = 0
  request: FastifyRequest | undefined
  reply: FastifyReply | undefined
  /** Called when it ends, in the order in which they were added. */
  #closeListeners: (() => void)[] | undefined

  constructor (raw: IncomingMessage, startedAt: number, peer: string, clientIp: string) {
    this.raw = raw
    this.method = raw.method!
    this.startedAt = startedAt
    this.peer = peer
    this.clientIp = clientIp
  }

  get route (): Route | undefined {
    return this.match?.value
  }

  get over (): boolean {
    return this.closedAt !== undefined
  }

  onClose (listener: () => void): void {
    if (this.over) listener()
    else if (this.#closeListeners === undefined) this.#closeListeners = [listener]
    else this.#closeListeners.push(listener)
  }

  /** Ends it; later calls do nothing. `failed` gets what a listener throws, which keeps no other from being called. For the kernel. */
  close (now: number, failed: (exchange: HttpExchange, error: unknown) => void): void {
    if (this.over) return
    this.closedAt = now
    const listeners = this.#closeListeners
    this.#closeListeners = undefined
    if (listeners === undefined) return
    for (const listener of listeners) {
      try {
        listener()
      } catch (error) {
        failed(this, error)
      }
    }
  }

  get headers (): IncomingMessage['headers'] {
    return this.raw.headers
  }

  get hasBody (): boolean {
    const { headers } = this.raw
    return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  }

  tried (target: Target): boolean {
    for (const attempt of this.attempts) if (attempt.target === target) return true
    return false
  }

  get attempt (): Attempt | undefined {
    return this.attempts.at(-1)
  }
}

/** The exchange of a request that Node or Fastify hands out. */
export function exchangeOf (raw: IncomingMessage): HttpExchange {
  return (raw as IncomingMessage & { [exchangeKey]: HttpExchange })[exchangeKey]
}

/** The kernel's side of an exchange that a plugin hands in: every exchange of the gateway is one. */
export function kernelSideOf (exchange: Exchange): HttpExchange {
  return exchange as HttpExchange
}

/**
 * Gives the upstream a field, in place of an earlier one of that name. The plugin names it in `config.sets`, so that no client can send it;
 * `requestHeaders` of the route come last and win.
 * @param name in lower case
 */
export function setUpstreamField (exchange: Exchange, name: string, value: string): void {
  const fields = exchange.upstreamFields ??= []
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i] !== name) continue
    fields[i + 1] = value
    return
  }
  fields.push(name, value)
}
