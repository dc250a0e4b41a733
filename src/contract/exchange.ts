/** An exchange: one client request on its way through, from its first byte to the close of its response. */

import type { FastifyReply, FastifyRequest } from 'fastify'
import type { GrpcForm } from '../http/grpc/media-type.ts'
import type { RequestFields } from '../http/request-fields.ts'
import type { ClientRequest } from './client-request.ts'
import type { ClientConnection } from './client-connection.ts'
import type { GatewayError, Reason } from './errors.ts'
import type { Route } from './route.ts'
import type { Attempt, Target, UpstreamIdentity } from './target.ts'
import type { TargetResponse } from './response.ts'
import type { Outgoing } from './transport.ts'
import type { TunnelRecord } from './tunnel.ts'
import type { PluginHook } from './plugin-hook.ts'

export interface Exchange {
  readonly raw: ClientRequest
  readonly method: string
  /** Monotonic milliseconds. */
  readonly startedAt: number
  /** The client's connection, which may be that of a proxy in front. */
  readonly client: ClientConnection
  /** Address of the client: that of its connection, or what trusted proxies say. */
  clientIp: string
  /** Identifier of the request, in every log line, header and problem document. */
  id: string
  /** Path as the client wrote it, without query: what is matched and what is forwarded. */
  path: string
  /** '' or the query with its `?`, byte for byte. */
  query: string
  /** Authority of an absolute-form target, which overrides the Host field (RFC 9112 §3.2.2). */
  authority: string | undefined
  /** Host that was asked for, lower-case, without port. */
  host: string | undefined
  match: RouteMatch | undefined
  readonly route: Route | undefined
  /** Why it was rejected before routing. */
  refusal: GatewayError | undefined
  trace: TraceParent | undefined
  /** The upstream that serves it, once its route has chosen one: the one that was asked last where a fallback took over. */
  upstream: ServingUpstream | undefined
  /** What is to be sent to it. */
  outgoing: Outgoing | undefined
  /** Makes `outgoing`, and makes it anew for a fallback. */
  prepare: ((exchange: Exchange) => Outgoing) | undefined
  /** Fields that policies have for the upstream, `[name, value, …]`: write them with `setUpstreamField`. */
  upstreamFields: string[] | undefined
  /**
   * The whole body of the request, where it is in memory: because a policy has read it with `readBody`, or
   * because it is small or may be sent again.
   */
  body: Buffer | undefined
  readonly attempts: Attempt[]
  /** The attempt under way, or the last one. */
  readonly attempt: Attempt | undefined
  /** The target's response that is passed on, once it has begun. */
  response: TargetResponse | undefined
  /** Why the gateway itself responded or gave up, or that the client left; undefined when the upstream's whole response was passed on. */
  reason: Reason | undefined
  /** The error behind the reason; for the log only. */
  cause: unknown
  /** The hook of a plugin that is not built in: the one that is running, or that has failed or sent the response. */
  running: PluginHook | undefined
  /** The policy that rejected the request, by its name in the configuration. For log and metrics. */
  refusedBy: string | undefined
  /** Whether the response is an error document of the gateway. */
  ownResponse: boolean
  /** What was decided and why. Undefined outside rehearsals: write with `exchange.decisions?.push(…)`, which builds nothing then. */
  decisions: Decision[] | undefined
  /** Whether claims are missing that a rehearsal could not find out. Always false for a real request. */
  claimsUnknown: boolean
  /** When it ended: the response was complete, or the client's connection gone. Undefined while it goes on. */
  readonly closedAt: number | undefined
  /** Whether it has ended. Nothing is selected, entered or sent for an exchange that is over. */
  readonly over: boolean
  /** Body bytes sent to the client; of a WebSocket all that followed the response. */
  bytesOut: number
  /** Body bytes received from the client; of a WebSocket all that followed the request. */
  bytesIn: number
  request: FastifyRequest | undefined
  reply: FastifyReply | undefined
  /** Version of the request, such as `1.1`. */
  readonly httpVersion: string
  /** Header fields by lower-case name, as Node joins repeated ones. */
  readonly headers: ClientRequest['headers']
  /** The same fields line by line. What is set or dropped here shows to the policies that follow, to the log and to the upstream. */
  readonly fields: RequestFields
  /** Whether the request has a body (RFC 9112 §6.3). */
  readonly hasBody: boolean
  /** How the client speaks gRPC; undefined for other requests. */
  readonly grpc: GrpcForm | undefined
  /** Status of a gRPC call, once the client is sent it. */
  grpcStatus: number | undefined
  /** Whether the client asks for a WebSocket. */
  readonly isTunnel: boolean
  /** What is known of the WebSocket, once it is open. The exchange ends when its client's connection does. */
  readonly tunnel: TunnelRecord | undefined
  /**
   * Calls `listener` once when the exchange ends: when its response is complete, or its client has gone. Calls it at
   * once if the exchange is over already, as it may be after every `await`: whatever is taken for an exchange is always
   * given back here.
   */
  onClose (listener: () => void): void
  /** Whether an attempt has already been made at a target. */
  tried (target: Target): boolean
}

/** One thing that was decided about an exchange, and why; kept only in rehearsals. */
export interface Decision {
  /** The concern or policy that decided. */
  readonly by: string
  /** One word, such as `allowed`, `refused`, `selected`, `closed`; `unknown` where a rehearsal cannot find it out. */
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

/** Adds fields, `[name, value, …]`, to what one attempt sends. Names are in lower case and in `gateway.ownedFields`. */
export type FieldWriter = (exchange: Exchange, attempt: Attempt, fields: string[]) => void

/** Where an attempt may go, beyond what gates and filters say. */
export interface Choice {
  /** Targets for which this is false are passed over. */
  readonly allows: (target: Target) => boolean
  /** Whether gates that fail open are overruled when no other target is left. */
  readonly overrule: boolean
}

/** Where the requests of an upstream go that it cannot serve. */
export interface Fallback {
  readonly upstream: ServingUpstream
  /** Statuses of responses that are not passed on while the fallback can be asked. */
  readonly statuses: ReadonlySet<number>
}

/** The upstream of an exchange. */
export interface ServingUpstream extends UpstreamIdentity {
  /** Asked for every attempt when it is sent, such as for its place in a trace. */
  readonly fieldWriters: FieldWriter[]
  /** Where requests go that it cannot serve. An upstream that has a fallback fails open only when asked to. */
  readonly fallback: Fallback | undefined
  /**
   * Selects a target for an exchange and enters it: targets → all gates that permit → those not yet tried → filters →
   * balancer → gates entered. First attempts and retries use it alike.
   * @param choice where it may go; anywhere unless given, but with a fallback not where only gates that fail open would be overruled
   * @throws GatewayError `no-target` when every target is closed, Retry-After says when the first may open; the error of an admission; or
   * `client-closed` when the exchange is over.
   */
  select (exchange: Exchange, now: number, choice?: Choice): Attempt
}
