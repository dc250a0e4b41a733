/** The exchange of an HTTP/1.1 request: implements {@link Exchange}, and holds what only the kernel needs. */

import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { ClientRequest } from '../contract/client-request.ts'
import type { ClientConnection } from '../contract/client-connection.ts'
import type { GatewayError, Reason } from '../contract/errors.ts'
import type { Route } from '../contract/route.ts'
import type { Decision, Exchange, RouteMatch, ServingUpstream, TraceParent } from '../contract/exchange.ts'
import type { Attempt, Target } from '../contract/target.ts'
import type { TargetResponse } from '../contract/response.ts'
import type { Outgoing } from '../contract/transport.ts'
import { grpcForm, type GrpcForm } from '../http/grpc/media-type.ts'
import type { TunnelHost, TunnelRecord } from '../contract/tunnel.ts'
import { RequestFields } from '../http/request-fields.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import type { Upload, UploadRules } from './upload.ts'

/** The key of the exchange in an IncomingMessage, and in the headers that are passed to reply-from. */
export const exchangeKey: unique symbol = Symbol('onedoor.exchange')

export class HttpExchange implements Exchange {
  readonly raw: ClientRequest
  readonly method: string
  readonly startedAt: number
  client: ClientConnection
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
  /** The upload, once reading the body has begun. */
  upload: Upload | undefined
  /** Limits for reading the body. The plugin host sets them. */
  uploads!: UploadRules
  tunnel: TunnelRecord | undefined
  /** Keeps the WebSockets of its generation. The plugin host sets it. */
  tunnels!: TunnelHost
  readonly attempts: Attempt[] = []
  response: TargetResponse | undefined
  reason: Reason | undefined
  cause: unknown
  running: PluginHook | undefined
  refusedBy: string | undefined
  ownResponse = false
  /** The hook whose failure the response is about. It is not called again for the error document. */
  failedHook: PluginHook | undefined
  /** How many bodies a plugin is reading with a helper of the gateway. They have timeouts of their own. */
  bodiesAwaited = 0
  /** The payload whose body a hook has read last, and the body. */
  bodyRead: { readonly payload: unknown, readonly body: Buffer } | undefined
  decisions: Decision[] | undefined
  claimsUnknown = false
  closedAt: number | undefined
  bytesOut = 0
  bytesIn = 0
  grpcStatus: number | undefined
  request: FastifyRequest | undefined
  reply: FastifyReply | undefined
  #fields: RequestFields | undefined
  /** Listeners for its end, called in the order in which they were added. */
  #closeListeners: (() => void)[] | undefined

  constructor (raw: ClientRequest, startedAt: number, client: ClientConnection, clientIp: string) {
    this.raw = raw
    this.method = raw.method!
    this.startedAt = startedAt
    this.client = client
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

  /** Ends it; later calls do nothing. `failed` gets the error of a listener; the other listeners are still called. For the kernel only. */
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

  get httpVersion (): string {
    return this.raw.httpVersion
  }

  get headers (): IncomingMessage['headers'] {
    return this.raw.headers
  }

  get fields (): RequestFields {
    return this.#fields ??= new RequestFields(this.raw)
  }

  get hasBody (): boolean {
    const { headers, bodyFollows } = this.raw
    if (bodyFollows !== undefined) return bodyFollows
    return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  }

  get grpc (): GrpcForm | undefined {
    return grpcForm(this.raw.headers['content-type'])
  }

  get isTunnel (): boolean {
    return this.raw.tunnel !== undefined
  }

  tried (target: Target): boolean {
    for (const attempt of this.attempts) if (attempt.target === target) return true
    return false
  }

  get attempt (): Attempt | undefined {
    return this.attempts.at(-1)
  }
}

/** Returns the exchange of a request of Node or Fastify. */
export function exchangeOf (raw: IncomingMessage): HttpExchange {
  return (raw as IncomingMessage & { [exchangeKey]: HttpExchange })[exchangeKey]
}

/** Returns the kernel's view of an exchange that a plugin passes in. Every exchange of the gateway is an HttpExchange. */
export function kernelSideOf (exchange: Exchange): HttpExchange {
  return exchange as HttpExchange
}

/**
 * Sets a header field of the request to the upstream, and replaces an earlier one of that name. The plugin lists it in `config.sets`, so
 * that a client cannot send it. `requestHeaders` of the route take precedence.
 * @param name the name in lower case
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
