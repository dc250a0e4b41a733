/** What a gateway has once its first configuration is loaded: its generations, its events, and what reloads them. */

import type { FastifyBaseLogger } from 'fastify'
import { ConfigError, formatProblem } from '../config/check/problem.ts'
import { keysNeedingRestart } from '../config/check/restart-keys.ts'
import { placeProblems, type Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { Signature } from '../contract/operator.ts'
import { untilNextReload, type ReloadCause } from '../contract/reload-history.ts'
import { alone } from '../contract/threads.ts'
import { logLevels, type LogLevel } from '../logging/log-levels.ts'
import { standardOutput } from '../logging/standard-output.ts'
import type { GatewayThreads } from '../threads/gateway-threads.ts'
import { closeInStages } from './closing.ts'
import type { Events } from './event-stream.ts'
import { GatewayListeners } from './gateway-listeners.ts'
import { sourceOf, type Addresses, type ListenOptions } from './gateway-options.ts'
import type { Generation } from './generation.ts'
import type { GenerationContext } from './generation-context.ts'
import { Generations } from './generations.ts'
import { ReloadHistory } from './reload-history.ts'
import { Reloader, stopping, type ReloadOutcome } from './reloader.ts'
import { buildGeneration, createParts, loadFor, type ServingOptions, type ServingParts } from './serving-parts.ts'

export class Serving {
  readonly #given: ServingOptions
  readonly #context: GenerationContext
  /** The level of the log before an operator changed it. */
  #levelBefore: LogLevel | undefined
  readonly #reloader: Reloader
  readonly generations: Generations
  readonly listeners: GatewayListeners
  readonly events: Events
  /** Those that serve the clients; undefined where this one does. */
  readonly threads: GatewayThreads | undefined
  readonly #forgetOutput: () => void
  generation = 0
  loadedAt = 0
  refused: GatewayControl['refused']
  readonly history = new ReloadHistory()
  /** Reloads by result. */
  readonly reloads = { ok: 0, refused: 0 }

  private constructor (given: ServingOptions, { context, threads }: ServingParts, first: Generation) {
    const { events } = context
    this.#given = given
    this.#context = context
    this.events = events
    this.threads = threads
    this.generations = new Generations(first)
    this.#forgetOutput = given.options.logger !== undefined ? () => {}
      : standardOutput().onRecovered(lost => events.emit({ type: 'log-lines-lost', lost }))
    const draining = (): boolean => given.control.draining
    const holder = context.holdings.hold()
    holder.start()
    this.listeners = new GatewayListeners({
      config: first.loaded.config,
      current: () => this.generations.current,
      draining,
      log: context.logger,
      clock: context.clock,
      emit: (fact, cause) => events.emit(fact, cause),
      threads: context.threads ?? alone,
      holder,
      ...threads === undefined ? {} : { place: () => undefined }
    })
    this.#reloader = new Reloader(sourceOf(given.options), {
      load: async (source, kept) => await loadFor(given, source, { serving: true, kept }),
      build: async loaded => await this.#build(loaded),
      drop: async next => { await this.#drop(next) },
      takeOver: (next, cause, source) => this.#takeOver(next, cause, source),
      refused: (error, problems, cause) => this.#refuse(error, problems, cause),
      draining
    })
  }

  /**
   * Loads the configuration and builds the first generation. On failure nothing is left.
   * @throws ConfigRefused
   */
  static async prepare (given: ServingOptions): Promise<Serving> {
    const { options, control } = given
    const loaded = await loadFor(given, sourceOf(options), { serving: false })
    const made: { serving?: Serving } = {}
    const parts = createParts(given, loaded, () => made.serving)
    const { threads, context } = parts
    try {
      const first = await buildGeneration(loaded, context)
      const serving = made.serving = new Serving(given, parts, first)
      await threads?.build(loaded, serving.generation + 1)
      if (control.draining) throw new Error(stopping)
      serving.#took({ trigger: 'start' }, sourceOf(options))
      return serving
    } catch (error) {
      await Promise.all([made.serving?.generations.close(), threads?.close(0)])
      throw error
    }
  }

  get log (): FastifyBaseLogger {
    return this.#context.logger
  }

  get loaded (): Loaded {
    return this.generations.current.loaded
  }

  get warnings (): readonly string[] {
    const { warnings, document } = this.loaded
    return warnings.map(problem => formatProblem(problem, () => undefined) || [...document.files.keys()][0]!)
  }

  /** The base URLs of the listeners; undefined until they are open. */
  get addresses (): Addresses | undefined {
    const own = this.listeners.addresses
    if (own === undefined || this.threads === undefined) return own
    const { addresses } = this.threads
    return { ...own, proxy: addresses[0]!, listeners: addresses }
  }

  /** Opens the listeners, in all threads. Rejects with Node's error, such as EADDRINUSE. */
  async open (listen: ListenOptions): Promise<Addresses> {
    // First: the listeners of the other threads learn their certificates from those of this one.
    await this.listeners.open(listen)
    await this.threads?.open(this.loaded.config, listen)
    return this.addresses!
  }

  /** Connections of clients by listener, in all threads. */
  get connections (): GatewayControl['connections'] {
    const { connections } = this.listeners
    if (this.threads === undefined) return connections
    return { ...connections, public: { ...connections.public, lingering: this.threads.load.lingering } }
  }

  /** Requests whose responses have not ended, in all threads. */
  get inFlight (): number {
    return this.generations.inFlight + (this.threads?.load.inFlight ?? 0)
  }

  /** Open WebSockets, in all threads. */
  get tunnels (): number {
    return this.generations.tunnels + (this.threads?.load.tunnels ?? 0)
  }

  /** Reloads whenever the files of the configuration change. */
  watch (): void {
    this.#reloader.watch(this.loaded.watched)
  }

  /** Reloads the configuration, from another source if there is one. See {@link Reloader.reload}. */
  async reload (cause: ReloadCause, source?: ConfigSource): Promise<ReloadOutcome> {
    return await this.#reloader.reload(cause, source)
  }

  /** Serves the configuration of a record again. @throws RangeError where it is not kept */
  async restore (cause: ReloadCause & { readonly restores: number }): Promise<ReloadOutcome> {
    const kept = this.history.kept(cause.restores)
    if (kept === undefined) throw new RangeError(`there is no configuration ${cause.restores} to restore`)
    return await this.#reloader.restore(cause, kept)
  }

  /** Changes the level of the log until the next reload. */
  setLogLevel (level: LogLevel, who?: Signature): void {
    const before = this.log.level as LogLevel
    this.#levelBefore ??= before
    // Logged at the more verbose of the two levels, so that a change to a quieter level is logged too.
    if (logLevels.indexOf(level) < logLevels.indexOf(before)) this.log.level = level
    this.events.emit({ type: 'log-level-changed', from: before, to: level, ...who })
    this.log.level = level
    this.threads?.setLogLevel({ level, generation: this.generation })
  }

  /** Resolves when no reload is under way. */
  async settled (): Promise<void> {
    await this.#reloader.settled()
  }

  /** Closes everything, in stages. Resolves with the number of requests that were cut after `timeout` milliseconds. */
  async close (timeout: number): Promise<number> {
    this.#reloader.close()
    const cut = await closeInStages(this, timeout)
    this.#forgetOutput()
    return cut
  }

  /** Builds a generation in every thread, and opens the listeners that are new with it. */
  async #build (loaded: Loaded): Promise<Generation> {
    const next = await buildGeneration(loaded, this.#context)
    try {
      await this.history.settle()
      await this.listeners.prepare(loaded)
      await this.threads?.build(loaded, this.generation + 1)
      await this.threads?.openNew(loaded.config, this.loaded.config)
      return next
    } catch (error) {
      await this.#drop(next)
      throw placeProblems(error, loaded)
    }
  }

  /** Closes what was built and will not serve. */
  async #drop (next: Generation): Promise<void> {
    await Promise.all([next.close(), this.listeners.dropPrepared(), this.threads?.drop()])
  }

  #takeOver (next: Generation, cause: ReloadCause, source: ConfigSource): void {
    const [before, { config }] = [this.loaded.config, next.loaded]
    const pinned = keysNeedingRestart(before, config)
    if (pinned.length > 0) this.events.emit({ type: 'restart-needed', keys: pinned })
    this.generations.succeed(next)
    const { level } = config.logging
    // A given logger has its own level until the configuration changes to another one.
    if (this.#given.options.logger === undefined || level !== before.logging.level) this.log.level = level
    else if (this.#levelBefore !== undefined) this.log.level = this.#levelBefore
    this.#levelBefore = undefined
    this.listeners.take(config)
    this.#took(cause, source)
    const { restores, ...asked } = cause
    this.events.emit({ type: 'configuration-reloaded', ...asked, generation: this.generation, routes: config.routes.length })
    if (restores !== undefined) {
      const { by, via, reason } = asked
      this.events.emit({ type: 'configuration-restored', restores, by: by!, via: via!, reason, until: untilNextReload })
    }
  }

  #took (cause: ReloadCause, source: ConfigSource): void {
    this.generation++
    this.threads?.commit(this.loaded.config)
    this.loadedAt = this.#context.clock.wall()
    // One that is restored says nothing about the file.
    if (cause.restores === undefined) this.refused = undefined
    this.reloads.ok++
    this.history.took(this.loaded, source, { ...cause, at: this.loadedAt, generation: this.generation })
    const { redactor } = this.loaded
    this.events.redact = redactor.active ? text => redactor.text(text) : text => text
    for (const warning of this.warnings) this.events.emit({ type: 'configuration-warning', warning })
  }

  #refuse (error: unknown, problems: readonly string[], cause: ReloadCause): void {
    const at = this.#context.clock.wall()
    if (cause.restores === undefined) this.refused = { at, problems }
    this.reloads.refused++
    this.history.refused(problems, { ...cause, at })
    const behind = error instanceof ConfigError ? error.cause : error
    const { restores: _, ...asked } = cause
    this.events.emit({ type: 'configuration-refused', ...asked, problems }, behind)
  }
}
