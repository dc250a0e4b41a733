/** What the gateway offers to plugins: `app.gateway` on every Fastify instance. */

import type { FastifyInstance } from 'fastify'
import type { Static, TObject } from '#typebox'
import type { Problem } from '../config/check/problem.ts'
import type { Config } from '../config/types.ts'
import type { Names } from '../dns/names.ts'
import type { Exchange } from './exchange.ts'
import type { TargetDefinition } from './target.ts'
import type { Threads } from './threads.ts'
import type { Upstream } from './upstream.ts'
import type { Authenticator, Claims } from './authentication.ts'
import type { BalancerFactory, BalancerKeys, OfferedBalancer } from './balancer.ts'
import type { Clock, Random } from './clock.ts'
import type { GatewayEvents } from './events.ts'
import type { GatewayControl } from './control.ts'
import type { Holder } from './holder.ts'
import type { ManagedCertificate } from './managed-certificate.ts'
import type { MetricsApi } from './metrics.ts'
import type { RejectedInput } from './rejected-input.ts'
import type { ResponsePipeline } from './response-stage.ts'
import type { PluginRoute } from './plugin-route.ts'
import type { Route } from './route.ts'
import type { ReservedHandler, RouteHandlerFactory, Router } from './routing.ts'

/** `app.gateway`: all that the kernel offers to plugins, built-in and foreign alike. */
export interface GatewayApi extends Holder {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  /** Looks names up for connections, for all of the gateway together: give `names.lookup` to `node:net`, `node:http` or undici. */
  readonly names: Pick<Names, 'find' | 'lookup' | 'doubt'>
  /** What bodies of requests hold in memory at the moment. */
  readonly buffers: { readonly used: number }
  /** True while this app only rehearses: start no timer, send nothing. */
  readonly rehearsal: boolean
  /** Environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>
  /**
   * Names, in lower case, of the fields that only the gateway may give to upstreams: the clients' own are
   * taken out. Add yours while you register.
   */
  readonly ownedFields: Set<string>
  /** Folder of gateway.yaml: paths in it are relative to this one. */
  readonly folder: string
  /**
   * Checks a list of targets that comes from outside like one of the file: URLs, or mappings with `url` and
   * the keys that plugins declare.
   */
  checkTargets (targets: unknown): { readonly members: readonly TargetDefinition[], readonly problems: readonly Problem[] }
  /** By name; the upstream of a route's `target` is called by that URL. */
  readonly upstreams: ReadonlyMap<string, Upstream>
  /** In file order. */
  readonly routes: readonly Route[]
  /** Routes that plugins have added beside those of the file. Complete when the app is ready. */
  readonly pluginRoutes: readonly PluginRoute[]
  readonly balancers: ReadonlyMap<string, OfferedBalancer>
  readonly control: GatewayControl
  /** The thread that this is one of: a plugin runs in each of them. */
  readonly threads: Threads
  /** What happens in the gateway: emit, subscribe, read the latest. */
  readonly events: GatewayEvents
  /** The admin listener's app of this generation; routes added here are behind its token and origin checks. */
  readonly admin: FastifyInstance
  /** Offers a balancer under a name for `upstreams.*.balance`, with the options that it may have there. */
  addBalancer<T extends TObject = TObject> (name: string, create: BalancerFactory<Static<T>>, keys?: BalancerKeys<T>): void
  /** Answers for all routes that have `key`, which must be one of the plugin's `config.answers`. */
  addRouteHandler (key: string, create: RouteHandlerFactory): void
  readonly routeHandlers: ReadonlyMap<string, RouteHandlerFactory>
  /** Registers policies of the file on a scope, in this order; their hooks reach the routes of the scope. */
  applyPolicies (scope: FastifyInstance, names: readonly string[]): Promise<void>
  /** What is done to the responses of a route, for the plugin that sends them. Complete when the app is ready. */
  responsePipeline (route: Route): ResponsePipeline
  /** Whether one of the policies on the way of a route answers preflights. */
  answersPreflight (route: Route): boolean
  /** Makes the authenticator of a policy of the file, in the scope of the one that uses it. */
  authenticator (scope: FastifyInstance, name: string): Promise<Authenticator>
  /**
   * Makes something once in this generation, such as the compiled form of a policy that many scopes list. It ends with the generation; what
   * must outlive it is state or a resource.
   */
  readonly once: <T>(kind: string, key: string, create: () => T) => T
  /** Called once for every exchange, when its response has ended or its client has left. */
  onClosed (listener: (exchange: Exchange, now: number) => void): void
  /** Called for input that was rejected before it became a request, and so has no exchange. */
  onRejectedInput (listener: (input: RejectedInput) => void): void
  /**
   * Lets this configuration wait for something before it serves: beside all that others wait for, and for five seconds
   * at most. What comes later still comes, so `ready` may be an answer from outside; `what` names it in the log. Does
   * nothing in a rehearsal.
   */
  waitFor (what: string, ready: Promise<unknown>): void
  /** The certificates that the gateway requests itself, as they are now. */
  managedCertificates (): readonly ManagedCertificate[]
  /** Takes a path out of routing. */
  reserve (path: string, handler: ReservedHandler): void
  /** Whether an address is one of the proxies in front; undefined when there are none. */
  readonly trusted: ((ip: string) => boolean) | undefined
  /**
   * Called for every request before it is routed, to read what routing needs. May set `exchange.refusal`.
   * Counts nothing: an exchange that is only explained begins and never closes.
   */
  onBegin (listener: (exchange: Exchange) => void): void
  /** Set once, by the routing plugin. */
  setRouter (router: Router): void
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
    /** The route of a plugin behind this context. */
    pluginRoute?: PluginRoute
    /** Whether everybody may use this route of a plugin, although `server.requireAuth` is on. */
    public?: boolean
  }
}
