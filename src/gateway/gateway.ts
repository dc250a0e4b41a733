/** The gateway: two listeners and the current generation. Starts, reloads the configuration, and shuts down. */

import type { FastifyBaseLogger } from 'fastify'
import type { Logger } from 'pino'
import type { GatewayControl } from '../contract/control.ts'
import type { EventFact } from '../contract/events.ts'
import { reasons } from '../contract/errors.ts'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import { rootPlugins } from './app.ts'
import { systemClock, type Clock, type Random } from '../contract/clock.ts'
import type { Config } from '../config/types.ts'
import { effectiveConfig } from '../config/show/effective.ts'
import { ConfigRefused, loadConfig, placeProblems, type Loaded } from '../config/load.ts'
import { ConfigError, formatProblem, listProblems } from '../config/check/problem.ts'
import { keysNeedingRestart } from '../config/check/restart-keys.ts'
import { watchFiles } from '../config/watch/watch-files.ts'
import { drain, farewell } from './draining.ts'
import { logEvent } from './event-log.ts'
import { EventStream } from './event-stream.ts'
import { Generation } from './generation.ts'
import type { GenerationContext } from './generation-context.ts'
import { Leases } from '../state/leases.ts'
import { adminLimits, isShortOfFiles, publicLimits } from '../listeners/limits.ts'
import { Listener, type ListenerOptions } from '../listeners/listener.ts'
import { openFilesLimit } from '../listeners/open-files.ts'
import { QuietPeriod } from '../collections/quiet-period.ts'
import { createLogger } from '../logging/log.ts'
import { redacting } from '../logging/log-redaction.ts'
import { standardOutput } from '../logging/standard-output.ts'
import { logLevels, type LogLevel } from '../logging/log-levels.ts'
import { OneAtATime } from '../scheduling/one-at-a-time.ts'
import { patiently } from '../scheduling/patient-timer.ts'
import { Generations } from './generations.ts'

export interface GatewayOptions {
  /** The path of the configuration file. */
  readonly file: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
  /** Whether the configuration is reloaded when its files change. */
  readonly watch?: boolean
}

/** The base URLs of the listeners. */
export interface Addresses {
  readonly proxy: string
  readonly admin: string | undefined
}

interface ReloadResult {
  readonly ok: boolean
  readonly problems: readonly string[]
}

const stopping = 'the gateway is shutting down'

/** The result of a reload that is abandoned because the gateway shuts down. */
const abandoned: ReloadResult = { ok: false, problems: [stopping] }

/** The most rehearsals that may wait. */
const mostRehearsals = 16

/** The connections of a listener that does not exist. */
const none = { open: 0, lingering: 0, most: 0 }

export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions
  readonly #leases = new Leases()
  readonly #rehearsals = new OneAtATime(mostRehearsals)
  #context: GenerationContext | undefined
  #events: EventStream | undefined
  #generations: Generations | undefined
  #public: Listener | undefined
  #admin: Listener | undefined
  #watcher: ReturnType<typeof watchFiles> | undefined
  /** The reload under way, and the one that waits for it. All triggers in the meantime share the waiting one. */
  #reloading: Promise<ReloadResult> | undefined
  #waiting: Promise<ReloadResult> | undefined
  #closing: Promise<number> | undefined
  generation = 0
  loadedAt = 0
  draining = false
  refused: GatewayControl['refused']
  /** Reloads by result, for metrics. */
  readonly reloads = { ok: 0, refused: 0 }

  constructor (options: GatewayOptions) {
    this.#options = options
  }

  get log (): Logger {
    return this.#context!.logger as Logger
  }

  get loaded (): Loaded {
    return this.#generations!.current.loaded
  }

  get inFlight (): number {
    return this.#generations!.inFlight
  }

  get connections (): GatewayControl['connections'] {
    return { public: this.#public?.connections ?? none, admin: this.#admin?.connections ?? none }
  }

  get warnings (): readonly string[] {
    const { warnings, document } = this.loaded
    return warnings.map(problem => formatProblem(problem, () => undefined) || [...document.files.keys()][0]!)
  }

  /**
   * Loads the file, builds the first generation and opens both listeners.
   * @throws ConfigRefused, or the error of a listener
   */
  async start (): Promise<Addresses> {
    const loaded = await loadConfig(this.#options.file, { env: this.#env, rootPlugins })
    const { clock = systemClock, random = Math.random, logger = createLogger(loaded.config.logging) } = this.#options
    const events = this.#events = this.#createEvents(logger, loaded, clock)
    if (this.#options.logger === undefined) standardOutput().recovered = lost => events.emit({ type: 'log-lines-lost', lost })
    this.#context = { leases: this.#leases, logger, clock, random, control: this, events, env: this.#env }
    const first = await this.#build(loaded)
    if (this.draining) {
      await first.close()
      throw new Error(stopping)
    }
    this.#generations = new Generations(first)
    this.#took()
    try {
      await this.#open(this.#generations, loaded)
      if (this.#options.watch === true) this.#watcher = watchFiles(loaded.document.files, () => { void this.reload('file') })
    } catch (error) {
      await this.close(0)
      throw error
    }
    events.emit({ type: 'gateway-started', ...this.addresses })
    return this.addresses
  }

  get addresses (): Addresses {
    return { proxy: this.#public!.address, admin: this.#admin?.address }
  }

  /**
   * Reloads the configuration. Reloads run one at a time: any number of triggers meanwhile cause one more, which reads the file as it is
   * then.
   */
  async reload (trigger: string): Promise<ReloadResult> {
    if (this.#reloading === undefined) return await this.#run(trigger)
    this.#waiting ??= this.#reloading.then(async () => {
      this.#waiting = undefined
      return await this.#run(trigger)
    })
    return await this.#waiting
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#rehearsals.run(async () => await this.#generations!.current.rehearsals.rehearse(request))
  }

  get logLevel (): LogLevel {
    return this.log.level as LogLevel
  }

  setLogLevel (level: LogLevel): void {
    const before = this.logLevel
    // Logged at the more verbose of the two levels, so that a change to a quieter level is logged too.
    if (logLevels.indexOf(level) < logLevels.indexOf(before)) this.log.level = level
    this.#emit({ type: 'log-level-changed', from: before, to: level })
    this.log.level = level
  }

  effectiveConfig (): unknown {
    return effectiveConfig(this.loaded)
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

  /**
   * Shuts down on SIGTERM: makes `/readyz` fail, waits for the configured delay, drains and closes. Resolves with the number of requests
   * that were cut.
   */
  async shutdown (): Promise<number> {
    const { delay, timeout } = this.loaded.config.server.shutdown
    this.draining = true
    this.#emit({ type: 'shutdown-started' })
    if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
    this.#emit({ type: 'drain-started', inFlight: this.inFlight })
    const cut = await this.close(timeout)
    this.#emit({ type: 'shutdown-complete' })
    return cut
  }

  /** Whether there is something to shut down. Before that, the process can simply exit. */
  get serving (): boolean {
    return this.#public !== undefined
  }

  get #env (): Readonly<Record<string, string | undefined>> {
    return this.#options.env ?? process.env
  }

  async #open (generations: Generations, { config }: Loaded): Promise<void> {
    const { server, admin } = config
    const { clock } = this.#context!
    const full = new QuietPeriod()
    this.#public = this.#listener('public', {
      handle: (request, response) => generations.current.handle(request, response),
      draining: () => this.draining,
      rejected: input => {
        // Of this listener, only connections beyond the limit are rejected as overload.
        if (input.reason === reasons.overloaded && full.isFirst(clock.now())) this.#emit({ type: 'limit-reached', limit: 'connections' })
        generations.current.host.tellRejectedInput(input)
      }
    })
    this.#limit(config)
    await this.#public.open(server.host, server.port)
    if (admin.enabled) {
      this.#admin = this.#listener('admin', {
        handle: (request, response) => generations.current.handleAdmin(request, response),
        draining: () => false,
        rejected: () => {}
      })
      this.#admin.apply(adminLimits(config))
      await this.#admin.open(admin.host, admin.port)
    }
    // A listener that is closed while it opens is open afterwards.
    if (this.#closing !== undefined) throw new Error(stopping)
  }

  #limit (config: Config): void {
    const openFiles = openFilesLimit()
    const limits = publicLimits(config, openFiles)
    this.#public!.apply(limits)
    if (isShortOfFiles(limits.connections, openFiles)) this.#emit({ type: 'open-files-short', connections: limits.connections, openFiles })
  }

  #listener (listener: 'public' | 'admin', options: Pick<ListenerOptions, 'handle' | 'draining' | 'rejected'>): Listener {
    const { name, limits } = this.loaded.config.server
    const { clock } = this.#context!
    const failing = new QuietPeriod()
    const failed = (error: Error, times: number): void => {
      this.log.error({ err: error, times }, 'connections cannot be accepted')
      if (failing.isFirst(clock.now())) this.#emit({ type: 'accept-failed', listener, times }, error)
    }
    return new Listener({ ...options, name, headers: limits.headers, failed })
  }

  async #build (loaded: Loaded): Promise<Generation> {
    try {
      return await Generation.build(loaded, this.#context!)
    } catch (error) {
      throw placeProblems(error, loaded)
    }
  }

  async #run (trigger: string): Promise<ReloadResult> {
    this.#reloading = this.#reload(trigger)
    try {
      return await this.#reloading
    } finally {
      this.#reloading = undefined
    }
  }

  async #reload (trigger: string): Promise<ReloadResult> {
    if (this.draining) return abandoned
    try {
      const loaded = await loadConfig(this.#options.file, { env: this.#env, rootPlugins, serving: true })
      this.#watcher?.update(loaded.document.files)
      const next = await this.#build(loaded)
      if (this.draining) {
        await next.close()
        return abandoned
      }
      this.#takeOver(next)
      this.#emit({ type: 'configuration-reloaded', trigger, generation: this.generation, routes: loaded.config.routes.length })
      return { ok: true, problems: [] }
    } catch (error) {
      if (this.draining) return abandoned
      // The correction may be in a file that only the rejected configuration includes.
      if (error instanceof ConfigRefused) this.#watcher?.update(error.files)
      return this.#refuse(error, trigger)
    }
  }

  #takeOver (next: Generation): void {
    const pinned = keysNeedingRestart(this.loaded.config, next.loaded.config)
    if (pinned.length > 0) this.#emit({ type: 'restart-needed', keys: pinned })
    this.#generations!.succeed(next)
    this.log.level = next.loaded.config.logging.level
    this.#limit(next.loaded.config)
    this.#admin?.apply(adminLimits(next.loaded.config))
    this.#took()
  }

  #took (): void {
    this.generation++
    this.loadedAt = this.#context!.clock.wall()
    this.refused = undefined
    this.reloads.ok++
    const { redactor } = this.loaded
    this.#events!.redact = redactor.active ? text => redactor.text(text) : text => text
    for (const warning of this.warnings) this.#emit({ type: 'configuration-warning', warning })
  }

  /** The log is that of the generation that serves; before the first one, what will be that of the first. */
  #createEvents (logger: FastifyBaseLogger, { config }: Loaded, clock: Clock): EventStream {
    const first = redacting(logger, config.logging.redact)
    return new EventStream({
      wall: () => clock.wall(),
      generation: () => this.generation,
      log: (fact, cause) => logEvent(this.#generations?.current.host.log ?? first, fact, cause),
      failed: error => logger.error({ err: error }, 'a listener of events failed')
    })
  }

  #emit (fact: EventFact, cause?: unknown): void {
    this.#events!.emit(fact, cause)
  }

  #refuse (error: unknown, trigger: string): ReloadResult {
    const source = error instanceof ConfigRefused ? error.source : () => undefined
    const problems = error instanceof ConfigError ? listProblems(
      error.problems,
      source
    ) : [error instanceof Error ? error.message : String(error)]
    this.refused = { at: this.#context!.clock.wall(), problems }
    this.reloads.refused++
    const cause = error instanceof ConfigError ? error.cause : error
    this.#emit({ type: 'configuration-refused', trigger, problems }, cause)
    return { ok: false, problems }
  }

  async #close (timeout = 0): Promise<number> {
    this.draining = true
    this.#watcher?.close()
    const endsAt = performance.now() + timeout
    const closed = this.#public?.close()
    const generations = this.#generations
    generations?.endConnections()
    let cut = generations === undefined ? 0 : await drain(generations, timeout)
    // A response that had begun before could not carry `connection: close`.
    setImmediate(() => this.#public?.closeIdle())
    const deadline = patiently(Math.max(0, endsAt - performance.now()), () => {
      // Requests that arrived meanwhile on open connections.
      cut += generations?.cut() ?? 0
      this.#public?.connections.destroyAll()
    })
    await closed
    deadline.clear()
    // Each request writes its access log line shortly after its connection is closed.
    if (generations !== undefined) cut += await drain(generations, farewell)
    if (cut > 0) this.#emit({ type: 'requests-cut', cut })
    const adminClosed = this.#admin?.close()
    this.#admin?.connections.destroyAll()
    await adminClosed
    await generations?.close()
    return cut
  }
}
