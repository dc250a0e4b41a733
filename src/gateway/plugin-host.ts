/** `app.gateway`: the object through which plugins and the kernel communicate. */

import type { IncomingMessage } from 'node:http'
import Type, { type TSchema } from '#typebox'
import fastify, { LogController, type FastifyBaseLogger, type FastifyInstance } from 'fastify'
import type { Static, TObject } from '#typebox'
import type { GatewayControl } from '../contract/control.ts'
import type { ReservedHandler, RouteHandlerFactory, Router } from '../contract/routing.ts'
import type { GatewayApi } from '../contract/gateway-api.ts'
import type { Authenticator } from '../contract/authentication.ts'
import type { Clock, Random } from '../contract/clock.ts'
import type { Composition } from '../config/schema/compose.ts'
import type { Problem } from '../config/check/problem.ts'
import { targetSchema } from '../config/schema/upstream-schema.ts'
import type { Config, TargetConfig } from '../config/types.ts'
import type { Redactor } from '../config/show/redactor.ts'
import { validate } from '../config/check/validate.ts'
import { clientAddress, compileTrust, namedAddress } from '../http/client-address.ts'
import type { Names } from '../dns/names.ts'
import { AcmeListeners } from '../acme/acme-listeners.ts'
import { schemaController } from '../internals/fastify-schema-compilers.ts'
import { takeNames } from '../dns/take-names.ts'
import type { Holder } from '../contract/holder.ts'
import type { RejectedInput } from '../contract/rejected-input.ts'
import { redacting } from '../logging/log-redaction.ts'
import { applyPolicies, createAuthenticator, fieldsOfPolicies, type LoadedPlugins } from './policies.ts'
import type { ResponsePipeline } from '../contract/response-stage.ts'
import { guardBegin, guardClosed, guardFactory, guardRejected, guardReserved } from './guarded-callbacks.ts'
import { PluginAdditions, type Listing } from './plugin-additions.ts'
import { ResponsePipelines } from './response-pipelines.ts'
import type { ManagedCertificate } from '../contract/managed-certificate.ts'
import { readRoutes, routedMethod, type Route } from '../contract/route.ts'
import type { BalancerFactory, BalancerKeys, OfferedBalancer } from '../contract/balancer.ts'
import type { PluginRoute } from '../contract/plugin-route.ts'
import { BodyBudget } from '../exchange/body-budget.ts'
import { clientOf } from '../exchange/client-connection.ts'
import { HttpExchange, exchangeKey } from '../exchange/exchange.ts'
import type { TargetDefinition } from '../contract/target.ts'
import type { Events } from './event-stream.ts'
import { GenerationEvents } from './generation-events.ts'
import { createOnce } from './once.ts'
import type { UploadRules } from '../exchange/upload.ts'
import type { Upstream } from '../contract/upstream.ts'
import { alone, type Threads } from '../contract/threads.ts'
import { createUpstreams, toMember } from '../upstream/upstreams.ts'
import { Tunnels } from '../transport/tunnel/tunnels.ts'
import { within } from '../scheduling/within.ts'

/** Options of an app. */
export interface AppOptions {
  readonly config: Config
  readonly plugins: LoadedPlugins
  /** Validates discovered targets. Without it they may have only a URL and a weight. */
  readonly schema?: Pick<Composition, 'targets'>
  /** The folder of the configuration; by default the working directory. */
  readonly folder?: string
  /** Environment variables; by default those of the process. */
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly holder: Holder
  readonly logger: FastifyBaseLogger
  readonly clock: Clock
  readonly random: Random
  readonly control: GatewayControl
  /** Without it events have no listeners. */
  readonly events?: Events
  /** The thread that it is built in; by default the only one. */
  readonly threads?: Threads
  /** Whether this app only rehearses: it makes all decisions, sends nothing and starts no timers. */
  readonly rehearsal: boolean
  /** Redacts the secrets of the configuration in responses of the admin listener. */
  readonly redactor?: Redactor
}

type WithExchange = IncomingMessage & { [exchangeKey]?: HttpExchange }

/** The internal path of a request that was rejected before routing. A client cannot request it, because it contains a control byte. */
const refusedPath = '/\0refused'

export class PluginHost implements GatewayApi {
  readonly config: Config
  readonly clock: Clock
  readonly random: Random
  readonly state: Holder['state']
  readonly table: Holder['table']
  readonly lock: Holder['lock']
  readonly count: Holder['count']
  readonly counts: Holder['counts']
  readonly resource: Holder['resource']
  readonly task: Holder['task']
  readonly hold: Holder['hold']
  readonly once = createOnce()
  readonly names: Names
  readonly rehearsal: boolean
  readonly threads: Threads
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly ownedFields: Set<string>
  readonly control: GatewayControl
  readonly events: GenerationEvents
  readonly routes: readonly Route[]
  readonly upstreams: ReadonlyMap<string, Upstream>
  readonly balancers = new Map<string, OfferedBalancer>()
  readonly routeHandlers = new Map<string, RouteHandlerFactory>()
  readonly reserved = new Map<string, ReservedHandler>()
  readonly admin: FastifyInstance
  /** The process log, redacted as this configuration requires. */
  readonly log: FastifyBaseLogger
  readonly closedListeners: ((exchange: HttpExchange, now: number) => void)[] = []
  readonly #rejectedInputListeners: ((input: RejectedInput) => void)[] = []
  /** Whether an address is one of the trusted proxies; undefined when there are none. */
  readonly trusted: ((ip: string) => boolean) | undefined
  readonly #beginListeners: ((exchange: HttpExchange) => void)[] = []
  readonly buffers: BodyBudget
  /** The certificates that the listeners request; undefined where they request none. */
  readonly acme: AcmeListeners | undefined
  readonly tunnels: Tunnels
  readonly responsePipelines = new ResponsePipelines()
  readonly additions = new PluginAdditions()
  readonly #uploads: UploadRules
  readonly #plugins: LoadedPlugins
  readonly #awaited = new Map<string, Promise<unknown>>()
  readonly #targetsSchema: TSchema
  #router: Router | undefined

  constructor (options: AppOptions) {
    this.config = options.config
    this.#plugins = options.plugins
    this.clock = options.clock
    this.random = options.random
    const { holder } = options
    this.state = holder.state
    this.table = holder.table
    this.lock = holder.lock
    this.count = holder.count
    this.counts = holder.counts
    this.resource = holder.resource
    this.task = holder.task
    this.hold = holder.hold
    const { redactor } = options
    const redact = redactor?.active === true ? (text: string) => redactor.text(text) : undefined
    this.events = new GenerationEvents(options.rehearsal ? undefined : options.events, redact)
    this.names = takeNames({ ...options, resource: this.resource, table: this.table, events: this.events })
    this.rehearsal = options.rehearsal
    this.threads = options.threads ?? alone
    this.folder = options.folder ?? process.cwd()
    this.env = options.env ?? process.env
    this.ownedFields = new Set(fieldsOfPolicies(options.config, options.plugins))
    this.#targetsSchema = options.schema?.targets ?? Type.Array(targetSchema({}))
    this.control = options.control
    this.acme = this.#takeAcme()
    const { trustProxy, timeouts, limits } = options.config.server
    this.buffers = new BodyBudget(this.count({ kind: 'buffers', key: '' }))
    this.#uploads = { clock: options.clock, buffers: this.buffers, budget: limits.buffers, wait: timeouts.body, rate: limits.bodyRate }
    this.tunnels = new Tunnels(options.clock)
    this.trusted = trustProxy.length === 0 ? undefined : compileTrust(trustProxy)
    this.routes = readRoutes(options.config)
    this.upstreams = createUpstreams(options.config, { ...options, names: this.names })
    this.log = redacting(options.logger, options.config.logging?.redact ?? [])
    this.admin = fastify({
      schemaController,
      loggerInstance: this.log,
      logController: new LogController({ disableRequestLogging: true }),
      return503OnClosing: false
    })
    if (redactor?.active === true) {
      this.admin.addHook(
        'onSend',
        (_request, _reply, payload, done) => { done(null, typeof payload === 'string' ? redactor.text(payload) : payload) }
      )
    }
  }

  get router (): Router {
    return this.#router!
  }

  checkTargets (targets: unknown): { members: readonly TargetDefinition[], problems: readonly Problem[] } {
    const { value, problems } = validate(this.#targetsSchema, targets)
    if (problems.length > 0) return { members: [], problems }
    const found = (value as readonly TargetConfig[]).map(toMember)
    const wrong = found.findIndex(member => member === undefined || !URL.canParse(member.url))
    if (wrong === -1) return { members: found as TargetDefinition[], problems: [] }
    const message = found[wrong] === undefined ? 'missing key "url"' : `"${found[wrong].url}" is not a URL`
    return { members: [], problems: [{ severity: 'error', pointer: `/${wrong}`, message }] }
  }

  addBalancer<T extends TObject = TObject> (name: string, create: BalancerFactory<Static<T>>, keys?: BalancerKeys<T>): void {
    if (this.balancers.has(name)) throw new Error(`two plugins offer the balancer "${name}"`)
    this.#added()
    this.balancers.set(name, { create, options: undefined, ...keys })
  }

  addRouteHandler (key: string, create: RouteHandlerFactory): void {
    if (this.routeHandlers.has(key)) throw new Error(`two plugins handle routes with "${key}"`)
    const listing = this.#added()
    this.routeHandlers.set(key, listing === undefined ? create : guardFactory(listing, create))
  }

  managedCertificates (): readonly ManagedCertificate[] {
    return this.acme?.managed ?? []
  }

  #takeAcme (): AcmeListeners | undefined {
    const { listeners, routes } = this.config
    if (this.rehearsal || !listeners.some(({ tls }) => tls?.acme !== undefined)) return undefined
    const { resource, task, names, clock, random, events, folder } = this
    const waitFor = (what: string, ready: Promise<unknown>): void => this.waitFor(what, ready)
    return new AcmeListeners(listeners, { resource, task, names, clock, random, events, folder, routes, waitFor })
  }

  onClosed (listener: (exchange: HttpExchange, now: number) => void): void {
    const listing = this.#added()
    this.closedListeners.push(listing === undefined ? listener : guardClosed(listing, listener))
  }

  get pluginRoutes (): readonly PluginRoute[] {
    return this.additions.routes
  }

  /** Notes that a plugin adds something. Returns where it is listed, unless it is built in. */
  #added (): Listing | undefined {
    const { current } = this.additions
    if (current !== undefined) this.additions.added(current)
    return current
  }

  onRejectedInput (listener: (input: RejectedInput) => void): void {
    const listing = this.#added()
    this.#rejectedInputListeners.push(listing === undefined ? listener : guardRejected(listing, listener, this.log))
  }

  /** Reports input that never became a request. */
  tellRejectedInput (input: RejectedInput): void {
    for (const listener of this.#rejectedInputListeners) listener(input)
  }

  waitFor (what: string, ready: Promise<unknown>): void {
    if (this.rehearsal) return
    this.#awaited.set(what, ready)
    // The plugin reports a failure itself.
    ready.catch(() => {}).finally(() => this.#awaited.delete(what))
  }

  /** Resolves when everything that plugins wait for is available, and after `longest` milliseconds at the latest. */
  async ready (longest: number): Promise<void> {
    try {
      await within(Promise.allSettled(this.#awaited.values()), longest)
    } catch {
      this.events.emit({ type: 'wait-given-up', waiting: [...this.#awaited.keys()] })
    }
  }

  onBegin (listener: (exchange: HttpExchange) => void): void {
    const listing = this.#added()
    this.#beginListeners.push(listing === undefined ? listener : guardBegin(listing, listener))
  }

  reserve (path: string, handler: ReservedHandler): void {
    const listing = this.#added()
    if (listing === undefined) {
      this.reserved.set(path, handler)
      return
    }
    // Policies do not run for it.
    this.additions.addedRoute({ ...listing, policies: [] }, [], path, undefined)
    this.reserved.set(path, guardReserved(listing, handler, this.config.server.name, this.log))
  }

  async applyPolicies (scope: FastifyInstance, names: readonly string[]): Promise<void> {
    await applyPolicies(scope, names, this.#plugins, this.responsePipelines.hooksOf(scope), this.additions)
  }

  responsePipeline (route: Route): ResponsePipeline {
    return this.responsePipelines.of(route)
  }

  async authenticator (scope: FastifyInstance, name: string): Promise<Authenticator> {
    return await createAuthenticator(scope, name, this.#plugins)
  }

  answersPreflight ({ policies }: Route): boolean {
    const { server, policies: defined } = this.config
    return [...server.policies, ...policies].some(name => this.#plugins.get(defined[name]!.plugin)?.config?.answersPreflight === true)
  }

  setRouter (router: Router): void {
    this.#router = router
  }

  /** Begins the exchange of a request and routes it. Returns the path of the route in Fastify. */
  begin (raw: IncomingMessage): string {
    const exchange = this.open(raw)
    ;(raw as WithExchange)[exchangeKey] = exchange
    if (exchange.refusal !== undefined) return refusedPath
    const path = this.#router!.resolve(exchange)
    if (exchange.refusal !== undefined) return refusedPath
    // Restored before the first hook runs.
    if (exchange.match !== undefined) raw.method = routedMethod
    return path
  }

  #clientIp (peer: string, { headers }: IncomingMessage, trusted: (ip: string) => boolean): string {
    const { clientIpHeader } = this.config.server
    if (clientIpHeader === undefined) return clientAddress(peer, headers['x-forwarded-for'] as string | undefined, trusted)
    return namedAddress(peer, headers[clientIpHeader.toLowerCase()] as string | undefined, trusted)
  }

  /** Creates the exchange of a request and reads what routing needs. */
  open (raw: IncomingMessage): HttpExchange {
    const client = clientOf(raw.socket)
    const clientIp = this.trusted === undefined ? client.address : this.#clientIp(client.address, raw, this.trusted)
    const exchange = new HttpExchange(raw, this.clock.now(), client, clientIp)
    exchange.uploads = this.#uploads
    exchange.tunnels = this.tunnels
    for (const begin of this.#beginListeners) begin(exchange)
    return exchange
  }
}
