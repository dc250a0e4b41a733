/** What a plugin is, and what the gateway offers to it: `app.gateway` on every Fastify instance. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Counter, CounterConfiguration, Gauge, GaugeConfiguration, Histogram, HistogramConfiguration } from '@prometheus-io/client'
import type { FastifyInstance, FastifyPluginAsync, FastifyPluginCallback, RouteHandlerMethod } from 'fastify'
import type { Static, TObject, TSchema } from 'typebox'
import type { Authenticator, AuthenticatorFactory, Claims } from '../identity/authentication.ts'
import type { Clock, Random } from './clock.ts'
import type { Problem } from '../config/check/problem.ts'
import type { Config } from '../config/types.ts'
import type { LeaseHolder } from '../state/leases.ts'
import type { Names } from '../dns/names.ts'
import type { RejectedInput } from '../listeners/refusals.ts'
import type { LogLevel } from '../logging/log-levels.ts'
import type { Route } from './route.ts'
import type { Steps } from '../scheduling/steps.ts'
import type { BalancerFactory } from './balancer.ts'
import type { Exchange } from '../exchange/exchange.ts'
import type { TargetDefinition } from '../upstream/target.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** Reports a configuration problem at a place of the file, given as RFC 6901 pointer. */
export type Report = (problem: { pointer: string, message: string, hint?: string, severity?: 'error' | 'warning', at?: 'key' | 'value' }) => void

/** The keys a plugin owns in gateway.yaml, exported by its module as `config`. One declaration: validation, editor schema, docs and messages are made from it. */
export interface PluginConfig {
  /** Options where the plugin is listed under `policies` or `plugins`. */
  readonly options?: TObject
  /** Top-level keys. */
  readonly root?: Readonly<Record<string, TSchema>>
  /** Keys of `server`. */
  readonly server?: Readonly<Record<string, TSchema>>
  /** Keys of every upstream. */
  readonly upstream?: Readonly<Record<string, TSchema>>
  /** Keys of every target that is written as a mapping. */
  readonly target?: Readonly<Record<string, TSchema>>
  /** Keys of every route. */
  readonly route?: Readonly<Record<string, TSchema>>
  /** Route keys that this plugin answers for; every route must have exactly one of all plugins' ones. */
  readonly answers?: readonly string[]
  /** Target keys whose targets this plugin finds while the gateway runs (`upstream.setSource`); a target has exactly one of `url` and these. */
  readonly finds?: readonly string[]
  /** Names of the fields, in lower case, that a policy with these options gives to upstreams (`setUpstreamField`). No client can send them, on no route. */
  sets? (options: never): readonly string[]
  /** Other policies that a policy with these options makes use of: names, with pointers relative to that use. Each must be one that authenticates. */
  uses? (options: never): readonly { readonly pointer: string, readonly name: string }[]
  /**
   * Whether a policy with these options tells who its clients are, so that a route that lists it is not open to everybody. Asked where the module has an
   * `authenticator`; absent means yes. `others` answers it for a policy that this one uses.
   */
  authenticates? (options: never, others: (name: string) => boolean): boolean
  /**
   * What a policy with these options wants of the claims that one before it found out: `needed` where it refuses everybody without them, `used` where it
   * does something else then. A list that has the two in the wrong order is warned of.
   */
  claims? (options: never): 'needed' | 'used' | undefined
  /** Whether it answers CORS preflights: routes that list it then get those that ask for one of their methods, though they may not serve OPTIONS. */
  readonly answersPreflight?: boolean
  /** What a schema cannot say about the whole file. Runs when all schemas hold. One that looks at every route may be a generator: where it yields, requests get a turn. */
  check? (config: Config, report: Report): void | Steps<void>
  /** The same for one use of the plugin; pointers are relative to that use. */
  checkOptions? (options: never, report: Report): void
}

/** A plugin module: a Fastify plugin as default export, and the keys it owns. */
export interface PluginModule {
  readonly default: FastifyPluginAsync<never> | FastifyPluginCallback<never>
  readonly config?: PluginConfig
  /** Where it is an authentication policy: what `default` is made from, so that `any-of` and `all-of` can combine it with others. */
  readonly authenticator?: AuthenticatorFactory
}

/** What a policy gets beside its own options when it is registered. */
export interface PolicyOptions {
  /** Name under which the file lists it: the identity of its state. */
  readonly policy: string
}

/**
 * Makes the handler of a route from the route's key that it answers for. Routes that differ only in their name and in which paths, hosts, fields and queries they want
 * have one handler, made from the first of them; `exchange.route` is the one that was matched.
 */
export type RouteHandlerFactory = (route: Route) => RouteHandlerMethod

/** A handler in front of routing, for a path that no policy, metric or log may touch. */
export type ReservedHandler = (request: IncomingMessage, response: ServerResponse) => void

/** What the running gateway says of itself, and what operators may ask of it. */
export interface GatewayControl {
  /** Counts up with every configuration that took over. */
  readonly generation: number
  /** When the current configuration took over, milliseconds since 1970. */
  readonly loadedAt: number
  readonly draining: boolean
  /** Requests whose answers have not ended, those that an earlier configuration still serves included. */
  readonly inFlight: number
  /** Connections of clients by listener: those that are open, those of them that are being closed while their clients still send, and how many there may be (Infinity for no limit). */
  readonly connections: Readonly<Record<'public' | 'admin', { readonly open: number, readonly lingering: number, readonly most: number }>>
  /** The problems of the last reload that was refused; undefined when the last one took over. */
  readonly refused: { readonly at: number, readonly problems: readonly string[] } | undefined
  readonly warnings: readonly string[]
  /** Loads the file again and takes over when it is sound. Resolves when it is decided. */
  reload (trigger: string): Promise<{ readonly ok: boolean, readonly problems: readonly string[] }>
  /** Rehearses a request: the real pipeline, nothing sent, no state changed. */
  explain (request: RehearsalRequest): Promise<Rehearsal>
  /** Configurations that took over and that were refused, since the start. */
  readonly reloads: { readonly ok: number, readonly refused: number }
  /** Least severe level that is written. */
  readonly logLevel: LogLevel
  /** Changes it until the next configuration takes over. */
  setLogLevel (level: LogLevel): void
  /** The effective configuration, secrets redacted. */
  effectiveConfig (): unknown
}

/** A request to rehearse. */
export interface RehearsalRequest {
  readonly method: string
  /** Path with query, or an absolute URL whose host counts as Host. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Address of the client; 127.0.0.1 unless given. */
  readonly remoteAddress?: string
}

/** What a rehearsal found. */
export interface Rehearsal {
  readonly method: string
  readonly url: string
  readonly route: string | undefined
  /** All routes whose path fits, in order of precedence, and why each won or lost. */
  readonly candidates: readonly { readonly route: string, readonly verdict: 'chosen' | 'lost', readonly why: string }[]
  /** What each policy, gate and balancer decided, in order. */
  readonly decisions: readonly { readonly by: string, readonly verdict: string, readonly why: string }[]
  /** The answer the gateway itself would give, or what it would send where. */
  readonly outcome: { readonly status: number, readonly code: string | undefined, readonly upstream: string | undefined, readonly target: string | undefined, readonly forwards: { readonly method: string, readonly path: string, readonly headers: readonly string[] } | undefined }
}

/** Finds the route of an exchange. */
export interface Router {
  /** Sets `exchange.match` where a route fits, and returns the path under which Fastify has what comes next: that of a route under `routedMethod`. */
  resolve (exchange: Exchange): string
  /** All routes whose path fits, in order of precedence. */
  explain (exchange: Exchange): readonly RouteCandidate[]
}

/** A route that was considered, and what became of it. */
export interface RouteCandidate {
  readonly route: Route
  readonly verdict: 'chosen' | 'lost'
  readonly why: string
}

/** The options of a balancer, written beside `algorithm`: `balance: { algorithm: NAME, … }`. */
export interface BalancerKeys<T extends TObject> {
  readonly options: T
  /** What a schema cannot say; pointers are relative to `balance`. */
  checkOptions? (options: Static<T>, report: Report): void
}

/** A balancer that a plugin offers. */
export interface OfferedBalancer {
  readonly create: BalancerFactory<never>
  /** Undefined where it has none. */
  readonly options: TObject | undefined
  checkOptions? (options: never, report: Report): void
}

/** `app.gateway`: all that the kernel offers to plugins, built-in and foreign alike. */
export interface GatewayApi {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  /** State that outlives this generation. */
  readonly leases: LeaseHolder
  /** Looks names up for connections, for all of the gateway together: give `names.lookup` to `node:net`, `node:http` or undici. */
  readonly names: Pick<Names, 'find' | 'lookup' | 'doubt'>
  /** What bodies of requests hold in memory at the moment. */
  readonly buffers: { readonly used: number }
  /** True while this app only rehearses: start no timer, send nothing. */
  readonly rehearsal: boolean
  /** Environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>
  /** Names, in lower case, of the fields that only the gateway may give to upstreams: the clients' own are taken out. Add yours while you register. */
  readonly ownedFields: Set<string>
  /** Folder of gateway.yaml: paths in it are relative to this one. */
  readonly folder: string
  /** Checks a list of targets that comes from outside like one of the file: URLs, or mappings with `url` and the keys that plugins declare. */
  checkTargets (targets: unknown): { readonly members: readonly TargetDefinition[], readonly problems: readonly Problem[] }
  /** By name; the upstream of a route's `target` is called by that URL. */
  readonly upstreams: ReadonlyMap<string, Upstream>
  /** In file order. */
  readonly routes: readonly Route[]
  readonly balancers: ReadonlyMap<string, OfferedBalancer>
  readonly control: GatewayControl
  /** The admin listener's app of this generation; routes added here are behind its token and origin checks. */
  readonly admin: FastifyInstance
  /** Offers a balancer under a name for `upstreams.*.balance`, with the options that it may have there. */
  addBalancer<T extends TObject = TObject> (name: string, create: BalancerFactory<Static<T>>, keys?: BalancerKeys<T>): void
  /** Answers for all routes that have `key`, which must be one of the plugin's `config.answers`. */
  addRouteHandler (key: string, create: RouteHandlerFactory): void
  readonly routeHandlers: ReadonlyMap<string, RouteHandlerFactory>
  /** Registers policies of the file on a scope, in this order; their hooks reach the routes of the scope. */
  applyPolicies (scope: FastifyInstance, names: readonly string[]): Promise<void>
  /** Whether one of the policies on the way of a route answers preflights. */
  answersPreflight (route: Route): boolean
  /** Makes the authenticator of a policy of the file, in the scope of the one that uses it. */
  authenticator (scope: FastifyInstance, name: string): Promise<Authenticator>
  /** Called once for every exchange when its answer has ended or its client has gone. */
  onClosed (listener: (exchange: Exchange, now: number) => void): void
  /** Called for what was refused before it became a request, and so never becomes an exchange. */
  onRejectedInput (listener: (unread: RejectedInput) => void): void
  /**
   * Lets this configuration wait for something before it serves: beside all that others wait for, and for five seconds at most. What comes later still comes, so
   * `ready` may be an answer from outside; `what` names it in the log. Does nothing in a rehearsal.
   */
  waitFor (what: string, ready: Promise<unknown>): void
  /** Takes a path out of routing. */
  reserve (path: string, handler: ReservedHandler): void
  /** Whether an address is one of the proxies in front; undefined when there are none. */
  readonly trusted: ((ip: string) => boolean) | undefined
  /** Called for every request before it is routed, to read what routing needs. May set `exchange.refusal`. Counts nothing: an exchange that is only explained begins and never closes. */
  onBegin (listener: (exchange: Exchange) => void): void
  /** Set once, by the routing plugin. */
  setRouter (router: Router): void
}

/** One series of a counter: add to `value`. */
export interface CounterHandle {
  value: number
}

/** One series of a histogram. */
export interface HistogramHandle {
  observe (value: number): void
}

/** `app.metrics`: instruments by name, made where there is none yet and kept over reloads. Names begin with `gateway_` or a prefix of yours; labels are names from the file, never bytes of a client. */
export interface MetricsApi {
  counter<L extends string = never> (definition: CounterConfiguration<L>): Counter<L>
  gauge<L extends string = never> (definition: GaugeConfiguration<L>): Gauge<L>
  histogram<L extends string = never> (definition: HistogramConfiguration<L>): Histogram<L>
  /** A counter for the path of every request: take each series once, with all its labels in the same order, and add to its `value`. */
  seriesCounter (name: string, help: string): { at (labels: Readonly<Record<string, string | number>>): CounterHandle }
  /** The same for a histogram; `bounds` are the upper bounds of its buckets, ascending, without +Inf. */
  seriesHistogram (name: string, help: string, bounds: readonly number[]): { at (labels: Readonly<Record<string, string | number>>): HistogramHandle }
  /** Calls `listener` before this generation's metrics are printed, to fill gauges from state. A promise is awaited. */
  onScrape (listener: () => void | Promise<void>): void
}

declare module 'fastify' {
  interface FastifyInstance {
    gateway: GatewayApi
    /** There from the `metrics` plugin on: declare it among your plugin's dependencies. */
    metrics: MetricsApi
  }
  interface FastifyRequest {
    /** The exchange this request is part of. */
    readonly exchange: Exchange
    /** What an authentication policy found out about the client; null before. */
    claims: Claims | null
  }
  interface FastifyContextConfig {
    /** The route of gateway.yaml behind this context. */
    route?: Route
  }
}
