/** The gateway: starts, reloads its configuration, and shuts down. */

import type { FastifyBaseLogger } from 'fastify'
import type { Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import { effectiveConfig } from '../config/show/effective.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { ReloadHistory as ReadableHistory, ReloadVerdict, RestoreOrder } from '../contract/reload-history.ts'
import type { InjectedRequest, InjectedResponse } from '../contract/injection.ts'
import type { Signature } from '../contract/operator.ts'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { LogLevel } from '../logging/log-levels.ts'
import { OneAtATime } from '../scheduling/one-at-a-time.ts'
import { sourceOf, type Addresses, type GatewayOptions, type ListenOptions } from './gateway-options.ts'
import { inject } from './inject.ts'
import { RegisteredPlugins } from './registered-plugins.ts'
import { ReloadHistory } from './reload-history.ts'
import { stopping, type ReloadOutcome } from './reloader.ts'
import { Serving } from './serving.ts'

export type { Addresses, GatewayOptions } from './gateway-options.ts'

/** The most rehearsals that may wait. */
const mostRehearsals = 16

/** The connections of listeners that do not exist. */
const none = { open: 0, lingering: 0, most: 0 }

/** The reloads of a gateway that does not serve yet. */
const noReloads = { ok: 0, refused: 0 }
const noHistory = new ReloadHistory()

export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions
  readonly #rehearsals = new OneAtATime(mostRehearsals)
  readonly #plugins: RegisteredPlugins
  #serving: Serving | undefined
  #prepared: Promise<Serving> | undefined
  #started: Promise<Addresses> | undefined
  #closing: Promise<number> | undefined
  draining = false
  readonly #threaded: boolean
  /** Called when no thread is left that serves clients, and none will be started. */
  gone: () => void = () => {}

  /**
   * @param plugins that the configuration may name
   * @param threaded whether several threads may serve the clients, as `server.threads` says; only for a file
   * @throws TypeError for options that are not possible
   */
  constructor (options: GatewayOptions, plugins = new RegisteredPlugins(options.plugins), threaded = false) {
    sourceOf(options)
    this.#threaded = threaded
    this.#options = options
    this.#plugins = plugins
  }

  get log (): FastifyBaseLogger {
    return this.#serving!.log
  }

  get loaded (): Loaded {
    return this.#serving!.loaded
  }

  get generation (): number {
    return this.#serving?.generation ?? 0
  }

  get loadedAt (): number {
    return this.#serving?.loadedAt ?? 0
  }

  get refused (): GatewayControl['refused'] {
    return this.#serving?.refused
  }

  get reloads (): GatewayControl['reloads'] {
    return this.#serving?.reloads ?? noReloads
  }

  get history (): ReadableHistory {
    return this.#serving?.history ?? noHistory
  }

  get warnings (): readonly string[] {
    return this.#serving!.warnings
  }

  get threads (): GatewayControl['threads'] {
    return this.#serving?.threads?.states ?? []
  }

  get inFlight (): number {
    return this.#serving?.inFlight ?? 0
  }

  get tunnels (): number {
    return this.#serving?.tunnels ?? 0
  }

  get connections (): GatewayControl['connections'] {
    return this.#serving?.connections ?? { public: none, admin: none }
  }

  get certificates (): GatewayControl['certificates'] {
    return this.#serving?.listeners.certificates ?? []
  }

  get handshakes (): GatewayControl['handshakes'] {
    return this.#serving?.listeners.handshakes ?? { underWay: 0, full: 0, resumed: 0, failed: {} }
  }

  /** Whether there is something to shut down. Before that, the process can simply exit. */
  get serving (): boolean {
    return this.#serving !== undefined
  }

  /** The base URLs of the listeners; undefined until they are open. */
  get addresses (): Addresses | undefined {
    return this.#serving?.addresses
  }

  /**
   * Loads the configuration and builds the first generation, without listening. Later calls wait for the first.
   * @throws ConfigRefused
   */
  async prepare (): Promise<Serving> {
    this.#prepared ??= this.#prepare()
    return await this.#prepared
  }

  /**
   * Loads the configuration, builds the first generation and opens the listeners. When it fails, nothing stays open. Later calls wait for
   * the first.
   * @throws ConfigRefused, or the error of a listener
   */
  async start (listen: ListenOptions = {}): Promise<Addresses> {
    this.#started ??= this.#start(listen)
    return await this.#started
  }

  /** Serves a request without a listener: the same pipeline, from the parser to the end of the response. */
  async inject (request: InjectedRequest | string): Promise<InjectedResponse> {
    const { listeners } = await this.prepare()
    if (this.draining) throw new Error(stopping)
    return await inject(request, connection => listeners.inject(connection))
  }

  /**
   * Reloads the configuration. Reloads run one at a time: any number of triggers meanwhile cause one more, which reads the file as it is
   * then.
   */
  async reload (trigger: string, who?: Signature | RestoreOrder): Promise<ReloadVerdict> {
    const { ok, problems } = await this.#serving!.reload({ trigger, ...who })
    return { ok, problems }
  }

  async restore (number: number, order: RestoreOrder): Promise<ReloadVerdict> {
    const { ok, problems } = await this.#serving!.restore({ ...order, trigger: 'restore', restores: number })
    return { ok, problems }
  }

  /** Reloads for the program that embeds the gateway, from another configuration if it gives one. */
  async reloadFrom (source: ConfigSource | undefined): Promise<ReloadOutcome> {
    return await (await this.prepare()).reload({ trigger: 'program' }, source)
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#rehearsals.run(async () => await this.#serving!.generations.current.rehearsals.rehearse(request))
  }

  get logLevel (): LogLevel {
    return this.log.level as LogLevel
  }

  setLogLevel (level: LogLevel, who?: Signature): void {
    this.#serving!.setLogLevel(level, who)
  }

  effectiveConfig (): unknown {
    return effectiveConfig(this.loaded)
  }

  locate (pointer: string): ReturnType<GatewayControl['locate']> {
    return this.loaded.document.locate(pointer)
  }

  /**
   * Stops accepting at once, waits up to `timeout` milliseconds for requests in flight, then cuts the rest. Resolves with the number of
   * requests that were cut. Later calls wait for the first. A start or reload under way is not awaited; it closes what it has built by
   * itself.
   */
  async close (timeout?: number): Promise<number> {
    this.#closing ??= this.#close(timeout)
    return await this.#closing
  }

  /** Resolves when no start and no reload is under way. */
  async settled (): Promise<void> {
    await Promise.allSettled([this.#prepared, this.#started, this.#serving?.settled()])
  }

  /**
   * Shuts down on SIGTERM: makes `/readyz` fail, waits for the configured delay, drains and closes. Resolves with the number of requests
   * that were cut.
   */
  async shutdown (): Promise<number> {
    const { delay, timeout } = this.loaded.config.server.shutdown
    const { events } = this.#serving!
    this.draining = true
    events.emit({ type: 'shutdown-started' })
    if (delay > 0) {
      this.#serving!.threads?.drain()
      await new Promise(resolve => setTimeout(resolve, delay))
    }
    events.emit({ type: 'drain-started', inFlight: this.inFlight })
    const cut = await this.close(timeout)
    events.emit({ type: 'shutdown-complete' })
    return cut
  }

  async #prepare (): Promise<Serving> {
    if (this.draining) throw new Error(stopping)
    const serving = this.#serving = await Serving.prepare({
      options: this.#options,
      plugins: this.#plugins.all,
      control: this,
      threaded: this.#threaded,
      gone: () => this.gone()
    })
    if (this.#closing === undefined) return serving
    // It was closed in the event-loop tick in which the first generation became ready.
    await serving.close(0)
    throw new Error(stopping)
  }

  async #start (listen: ListenOptions): Promise<Addresses> {
    const serving = await this.prepare()
    const { listeners } = serving
    try {
      const addresses = await serving.open(listen)
      // A listener that is closed while it opens is open afterwards.
      if (this.#closing !== undefined) throw new Error(stopping)
      if (this.#options.watch === true) serving.watch()
      serving.events.emit({ type: 'gateway-started', ...addresses })
      return addresses
    } catch (error) {
      await this.close(0)
      await Promise.all([listeners.closePublic(), listeners.closeAdmin()])
      throw error
    }
  }

  async #close (timeout = 0): Promise<number> {
    this.draining = true
    return await this.#serving?.close(timeout) ?? 0
  }
}
