/** An exchange: one client request on its way through, from its first byte to the close of its answer. */

import type { IncomingMessage } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GatewayError, Reason } from '../contract/errors.ts'
import type { Route } from '../contract/route.ts'
import type { Attempt } from '../transport/attempt.ts'
import type { Outgoing } from '../contract/transport.ts'
import type { Target } from '../upstream/target.ts'
import type { Upload, UploadRules } from './upload.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** One thing that was decided about an exchange, and why; kept only in rehearsals. */
export interface Decision {
  /** The concern or policy that decided. */
  readonly by: string
  /** One word, such as `allowed`, `refused`, `selected`, `closed`. */
  readonly verdict: string
  /** Why, in words that a person understands without the source. */
  readonly why: string
}

/** Where an exchange stands in a distributed trace (W3C Trace Context). */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string
  /** 16 hex digits: the span of this gateway, parent of what the upstream does. */
  readonly spanId: string
  /** Span of the caller, if it sent one. */
  readonly parentId: string | undefined
  /** Trace flags, bit 0 is `sampled`. */
  readonly flags: number
  /** The tracestate field to pass on; '' for none. */
  readonly state: string
}

/** The property of an IncomingMessage, and of the headers handed to reply-from, under which the exchange travels. */
export const exchangeKey: unique symbol = Symbol('onedoor.exchange')

/** What the routing plugin found for an exchange. */
export interface RouteMatch {
  readonly value: Route
  /** Decoded path parameters. */
  readonly params: Readonly<Record<string, string>>
  /** The same, byte for byte as the client sent them. */
  rawParams (): Readonly<Record<string, string>>
  /** The path as it was compared: decoded, without a slash at the end that is ignored. */
  matchedPath (): string
}

export class Exchange {
  readonly raw: IncomingMessage
  readonly method: string
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** Address of the peer; read at once, because Node forgets it when the socket closes. */
  readonly peer: string
  /** Address of the client: the peer, or what trusted proxies say. */
  clientIp: string
  /** Identifier of the request, in every log line, header and problem document. */
  id = ''
  /** Path as the client wrote it, without query: what is matched and what is forwarded. */
  path = ''
  /** '' or the query with its `?`, byte for byte. */
  query = ''
  /** Authority of an absolute-form target, which overrides the Host field (RFC 9112 §3.2.2). */
  authority: string | undefined
  /** Host that was asked for, lower-case, without port. */
  host: string | undefined
  match: RouteMatch | undefined
  /** Why it was refused before routing. */
  refusal: GatewayError | undefined
  trace: TraceParent | undefined
  /** The upstream that serves it, once its route has chosen one: the one that was asked last where a fallback took over. */
  upstream: Upstream | undefined
  /** What is to be sent to it. */
  outgoing: Outgoing | undefined
  /** Makes that, and makes it anew for a fallback. */
  prepare: ((exchange: Exchange) => Outgoing) | undefined
  /** Fields that policies have for the upstream, `[name, value, …]`: write them with {@link setUpstreamField}. */
  upstreamFields: string[] | undefined
  /** The body of the request, where it is there whole: because a policy has read it with `readBody`, or because it is small or to be sent again. */
  body: Buffer | undefined
  /** The reading of the body, once it has begun. */
  upload: Upload | undefined
  /** How the body may be read; set by the door. */
  uploads!: UploadRules
  readonly attempts: Attempt[] = []
  /** Trailer fields of the upstream's answer, once it is complete. */
  trailers: Readonly<Record<string, string | string[]>> | undefined
  /** Why the gateway itself answered, gave up or was left; undefined when the upstream's answer was passed on whole. */
  reason: Reason | undefined
  /** The error behind the reason; for the log only. */
  cause: unknown
  /** What was decided and why. Undefined outside rehearsals: write with `exchange.decisions?.push(…)`, so that nothing is built in vain. */
  decisions: Decision[] | undefined
  /** When it ended: the response was complete, or the client's connection gone. Undefined while it goes on. */
  closedAt: number | undefined
  /** Body bytes sent to the client. */
  bytesOut = 0
  /** Body bytes received from the client. */
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

  /** Whether it has ended. Nothing is selected, entered or sent for an exchange that is over. */
  get over (): boolean {
    return this.closedAt !== undefined
  }

  /**
   * Calls `listener` once when the exchange ends: when its response is complete, or its client has gone. Calls it at once if the exchange is over
   * already, as it may be after every `await`: what is taken for an exchange is always given back here.
   */
  onClose (listener: () => void): void {
    if (this.over) listener()
    else if (this.#closeListeners === undefined) this.#closeListeners = [listener]
    else this.#closeListeners.push(listener)
  }

  /** Ends it; later calls do nothing. `failed` gets what a listener throws, which keeps no other from being called. For the kernel. */
  close (now: number, failed: (exchange: Exchange, error: unknown) => void): void {
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

  /** Header fields by lower-case name. */
  get headers (): IncomingMessage['headers'] {
    return this.raw.headers
  }

  /** Whether the request has a body (RFC 9112 §6.3). */
  get hasBody (): boolean {
    const { headers } = this.raw
    return headers['transfer-encoding'] !== undefined || (headers['content-length'] !== undefined && headers['content-length'] !== '0')
  }

  /** Whether an attempt has already been made at a target. */
  tried (target: Target): boolean {
    for (const attempt of this.attempts) if (attempt.target === target) return true
    return false
  }

  /** The attempt under way, or the last one. */
  get attempt (): Attempt | undefined {
    return this.attempts.at(-1)
  }
}

/** The exchange of a request that Node or Fastify hands out. */
export function exchangeOf (raw: IncomingMessage): Exchange {
  return (raw as IncomingMessage & { [exchangeKey]: Exchange })[exchangeKey]
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
