/** A target, the gates in front of it and the attempts at it: three types that are defined in terms of each other. */

import type { TargetSettings, UpstreamConfig } from '../config/types.ts'
import type { Reason } from './errors.ts'
import type { Retries } from './retries.ts'
import type { Holder } from './holder.ts'
import type { Lock } from './state.ts'
import type { Transport } from './transport.ts'

/** A target as the configuration or a target source names it. */
export interface TargetDefinition {
  /** Origin with an optional base path: what Host and TLS refer to. */
  readonly url: string
  /** IP address to connect to, where the target source has already resolved the host of the URL. */
  readonly address?: string
  /** Weight and the keys that plugins declare for targets. */
  readonly settings?: TargetSettings
}

/** The upstream of a target, as its targets know it. */
export interface UpstreamIdentity {
  readonly name: string
  readonly config: UpstreamConfig
  readonly targets: readonly Target[]
  /** See {@link Upstream.lock}. */
  readonly lock: Lock
  /** Where requests go that it cannot serve. */
  readonly fallback: { readonly upstream: UpstreamIdentity } | undefined
  /** How failed attempts are repeated. Set before the first request. */
  readonly retries: Retries | undefined
}

/** One origin of an upstream. What is taken from it, and not from the gateway, is let go of when the target leaves: see {@link leave}. */
export interface Target extends Holder {
  readonly upstream: UpstreamIdentity
  /** Origin such as `http://10.0.0.7:3000` or `https://users.internal`. */
  readonly origin: string
  /** Path in front of every forwarded path, without a trailing slash; '' for none. */
  readonly basePath: string
  /** IP address that connections go to; undefined when the host of the origin is resolved for each of them. */
  readonly address: string | undefined
  /**
   * Where it is reached: origin and base path as the user wrote them, or with its address in place of the name. Its identity in the
   * upstream, and the `target` label of logs and metrics.
   */
  readonly url: string
  /** TLS to it: that of its upstream, with the keys of its own. */
  readonly tls: UpstreamConfig['tls']
  /** Host name of the origin, for TLS. */
  readonly serverName: string
  /** Share of the traffic, relative to the other targets; 0 drains it. */
  readonly weight: number
  /** As it stands in the file, with the keys that plugins declare for targets. */
  readonly config: TargetSettings
  readonly load: TargetLoad
  /** Sends to it. Undefined in a rehearsal, which never sends. */
  readonly transport: Transport | undefined
  readonly gates: Gate[]
  /** The first gate that is closed at `now`; those that fail open are passed over when `overrule` is set. */
  closedBy (now: number, overrule: boolean): Gate | undefined
  /**
   * Lets an attempt in. It must be settled, exactly once, by {@link settle}. A gate that throws here or there harms no other: the error
   * is logged. Only for who has the lock of the upstream.
   */
  enter (attempt: Attempt, now: number): void
  /** The status line and headers of the response have arrived. */
  answered (attempt: Attempt, now: number): void
  /** The one report of an attempt: breaker, health, balancer and metrics all receive it here. A second call is ignored. */
  settle (attempt: Attempt, outcome: Outcome, now: number): void
  /** Tells all gates that the target was found healthy again. */
  recovered (now: number): void
  /**
   * It is no longer one of its upstream. Tasks that gates took for it, such as probes, stop at once; their state and resources, and its
   * connections, are let go of when its last attempt is settled. Resolves when all of that is done; rejects when something could not be
   * closed.
   */
  leave (): Promise<void>
}

/** What is open at a target right now, and what the last connections to it say. Reloads keep it. */
export interface TargetLoad {
  /** Attempts of all threads that have entered and are not yet settled, streams included. */
  readonly active: number
  /** Those of them that are of this thread. */
  readonly here: number
  /** Connections that all threads have opened so far. Attempts beyond that number used one that was open already. */
  readonly opened: number
  /**
   * When it joined a running upstream, or opened after a gate had closed it; -Infinity for one that was there
   * from the start. Monotonic milliseconds.
   */
  openedAt: number
  /** Whether a gate was closed at the last selection. */
  closed: boolean
  /** Set while the last connection that was tried failed, in whatever thread. */
  readonly failure: DialFailure | undefined
  /** Called when this thread finds the target unreachable, or reachable again. The newest generation sets it. */
  listener: ReachListener | undefined
  /** An attempt has entered: another one is open. */
  enter (): void
  /** It is settled. */
  leave (): void
  /** The target has shown that it is there. */
  reached (): void
}

/** No connection could be opened, and none has been opened since. */
export interface DialFailure {
  /** When the last connection failed. Monotonic milliseconds. */
  readonly at: number
  /** When the first one did. */
  readonly since: number
  /** Code of the reason. */
  readonly why: string
}

/** Called with the failure when a target becomes unreachable, and with undefined when it is reachable again. */
export type ReachListener = (failure: DialFailure | undefined) => void

/** Why an attempt was made: the first of its exchange, another one after a failure, one beside a slow one, or one at a fallback. */
export type AttemptKind = 'first' | 'retry' | 'hedge' | 'fallback'

/** What an attempt says about its target. `ignored`: nothing, because the client left or the request was at fault. */
export type Outcome = 'success' | 'failure' | 'ignored'

/** One try of an exchange at one target, and, once settled, the one report about it. Times are monotonic milliseconds. */
export interface Attempt {
  readonly target: Target
  kind: AttemptKind
  startedAt: number
  /** When the status line and headers of the response arrived. */
  answeredAt: number | undefined
  /** Whether it was given a connection to its target. */
  reached: boolean
  /** When it was settled. */
  endedAt: number | undefined
  /** Status of the response, if there was one. */
  statusCode: number | undefined
  /** Why there was no response, or why it was cut. */
  failure: Reason | undefined
  /** The HTTP/2 error code with which the target has reset its stream. */
  resetCode: number | undefined
  /** Status of a gRPC response, once it is known: with the headers of one without messages, otherwise with the trailers. */
  grpcStatus: number | undefined
  /** Whether a gRPC response has a status and no messages, so that its status is known with its headers. */
  trailersOnly: boolean
  /** Seconds of the response's Retry-After, if it had one. */
  retryAfter: number | undefined
  outcome: Outcome | undefined
  /**
   * When the whole request had been sent; undefined while bytes of the client's body are still to come, for
   * which no target is to blame.
   */
  sentAt: number | undefined
  /** Whether an earlier attempt of the exchange has already reported about this target: one request is one signal. */
  readonly alreadyReported: boolean
  /** 16 hex digits where the attempt has a span of its own in the trace of its exchange. */
  spanId: string | undefined
  /** What the target's gates returned at entry, in the order of its gates; undefined for one that failed. */
  readonly tickets: (number | undefined)[]
}

/** One gate in front of one target. All times are milliseconds of the gateway's monotonic clock. */
export interface Gate {
  /** Names the concern in `explain`, the admin page and the log. */
  readonly name: string
  /** True: this gate is overruled when heeding it would leave the upstream without any target (fail-open). */
  readonly failOpen?: boolean
  /** True: closing says that the target is busy, not that it was away, so that it is not warmed up when the gate opens again. */
  readonly momentary?: boolean
  /** May the target be used at `now`? Changes no state. */
  permits (now: number): boolean
  /**
   * An attempt goes through. The number returned comes back with `answered` and `settle`, so that a late
   * report can be told from a current one.
   */
  enter? (now: number): number
  /** The status line and headers have arrived (`attempt.statusCode`). Not called for an attempt that failed before. */
  answered? (attempt: Attempt, ticket: number, now: number): void
  /** The attempt is over (`attempt.outcome`). Called exactly once for every `enter`. */
  settle? (attempt: Attempt, ticket: number, now: number): void
  /** Another concern has found the target well again, such as a probe: a gate that only waits for its time may try the target now. */
  recovered? (now: number): void
  /** What to show a person. Changes no state. */
  describe (now: number): GateState
}

/** A gate as a person sees it. */
export interface GateState {
  /** One word of the gate's own, such as `half-open` or `unhealthy`. */
  readonly state: string
  /** Why, in words. */
  readonly why?: string
  /** When it came into this state, if it can tell. */
  readonly since?: number
  /** When a closed gate may open again, if it can tell. */
  readonly opensAt?: number
}

/** Makes the gate of a target, also of targets that join later; undefined where the target needs none. */
export type GateFactory = (target: Target) => Gate | undefined
