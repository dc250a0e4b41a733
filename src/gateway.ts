/** The gateway: two listeners and the current generation behind them. Starts, takes over a new configuration, shuts down. */

import type { Logger } from 'pino'
import type { GatewayControl, Rehearsal, RehearsalRequest } from './api.ts'
import { rootPlugins } from './app.ts'
import { systemClock, type Clock, type Random } from './clock.ts'
import { effectiveConfig } from './config/effective.ts'
import { ConfigRefused, loadConfig, placeProblems, type Loaded } from './config/load.ts'
import { ConfigError, formatProblem } from './config/problem.ts'
import { keysNeedingRestart } from './config/restart-keys.ts'
import { watchFiles } from './config/watch.ts'
import { Generation, type GenerationContext } from './generation.ts'
import { Leases } from './leases.ts'
import { adminLimits, publicLimits } from './listeners/limits.ts'
import { Listener, type ListenerOptions } from './listeners/listener.ts'
import { createLogger } from './logging/log.ts'
import { logLevels, type LogLevel } from './logging/log-levels.ts'
import { rehearse } from './rehearsal.ts'
import { Succession } from './succession.ts'

export interface GatewayOptions {
  /** Path of the configuration file. */
  readonly file: string
  readonly env?: Readonly<Record<string, string | undefined>>
  readonly logger?: Logger
  readonly clock?: Clock
  readonly random?: Random
  /** Whether the file is watched. */
  readonly watch?: boolean
}

/** Where the listeners are reached. */
export interface Addresses {
  readonly proxy: string
  readonly admin: string | undefined
}

interface Verdict {
  readonly ok: boolean
  readonly problems: readonly string[]
}

/** Of a listener that is not there. */
const none = { open: 0, lingering: 0 }

export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions
  readonly #leases = new Leases()
  #context: GenerationContext | undefined
  #generations: Succession | undefined
  #public: Listener | undefined
  #admin: Listener | undefined
  #watcher: ReturnType<typeof watchFiles> | undefined
  /** The reload under way, and the one that waits for it: whoever asks meanwhile shares that one. */
  #reloading: Promise<Verdict> | undefined
  #waiting: Promise<Verdict> | undefined
  #closing: Promise<void> | undefined
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
    return warnings.map(problem => formatProblem(problem, () => undefined) || document.files[0]!)
  }

  /**
   * Loads the file, builds the first generation and opens both listeners.
   * @throws ConfigRefused, or the error of a listener
   */
  async start (): Promise<Addresses> {
    const loaded = await loadConfig(this.#options.file, { env: this.#env, rootPlugins })
    const { clock = systemClock, random = Math.random, logger = createLogger(loaded.config.logging) } = this.#options
    this.#context = { leases: this.#leases, logger, clock, random, control: this, env: this.#env }
    const generations = this.#generations = new Succession(await this.#build(loaded))
    this.#took()
    const { server, admin } = loaded.config
    try {
      this.#public = this.#listener({
        handle: (request, response) => generations.current.handle(request, response),
        draining: () => this.draining,
        unread: unread => generations.current.door.unread(unread)
      })
      this.#public.apply(publicLimits(loaded.config))
      await this.#public.open(server.host, server.port)
      if (admin.enabled) {
        this.#admin = this.#listener({
          handle: (request, response) => generations.current.handleAdmin(request, response),
          draining: () => false,
          unread: () => {}
        })
        this.#admin.apply(adminLimits(loaded.config))
        await this.#admin.open(admin.host, admin.port)
      }
    } catch (error) {
      await this.close(0)
      throw error
    }
    if (this.#options.watch === true) {
      this.#watcher = watchFiles(loaded.document.files, () => { void this.reload('file') })
    }
    return this.addresses
  }

  get addresses (): Addresses {
    return { proxy: this.#public!.address, admin: this.#admin?.address }
  }

  /** One reload at a time. A storm of triggers becomes one more reload, which decides on the file as it is then. */
  async reload (trigger: string): Promise<Verdict> {
    if (this.#reloading === undefined) return await this.#run(trigger)
    this.#waiting ??= this.#reloading.then(async () => {
      this.#waiting = undefined
      return await this.#run(trigger)
    })
    return await this.#waiting
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    return await rehearse(this.#generations!.current, this.#context!, request)
  }

  get logLevel (): LogLevel {
    return this.log.level as LogLevel
  }

  setLogLevel (level: LogLevel): void {
    const before = this.logLevel
    // Said under the more talkative of the two, so that it is said when the log falls silent too.
    if (logLevels.indexOf(level) < logLevels.indexOf(before)) this.log.level = level
    this.log.info({ from: before, to: level }, 'log level changed')
    this.log.level = level
  }

  effectiveConfig (): unknown {
    return effectiveConfig(this.loaded)
  }

  /** Stops at once accepting, lets requests in flight finish for up to `timeout` milliseconds, then cuts them. Later calls wait for the first. */
  async close (timeout?: number): Promise<void> {
    this.#closing ??= this.#close(timeout)
    await this.#closing
  }

  /** SIGTERM: says so in `/readyz`, waits the delay, drains, closes. */
  async shutdown (): Promise<void> {
    const { delay, timeout } = this.loaded.config.server.shutdown
    this.draining = true
    this.log.info('shutdown signal received')
    if (delay > 0) await new Promise(resolve => setTimeout(resolve, delay))
    this.log.info({ inFlight: this.inFlight }, 'draining connections')
    await this.close(timeout)
    this.log.info('shutdown complete')
  }

  get #env (): Readonly<Record<string, string | undefined>> {
    return this.#options.env ?? process.env
  }

  #listener (options: Pick<ListenerOptions, 'handle' | 'draining' | 'unread'>): Listener {
    const { name, limits } = this.loaded.config.server
    return new Listener({ ...options, name, headers: limits.headers, failed: (error, times) => this.log.error({ err: error, times }, 'connections cannot be accepted') })
  }

  async #build (loaded: Loaded): Promise<Generation> {
    try {
      return await Generation.build(loaded, this.#context!)
    } catch (error) {
      throw placeProblems(error, loaded)
    }
  }

  async #run (trigger: string): Promise<Verdict> {
    this.#reloading = this.#reload(trigger)
    try {
      return await this.#reloading
    } finally {
      this.#reloading = undefined
    }
  }

  async #reload (trigger: string): Promise<Verdict> {
    if (this.draining) return { ok: false, problems: ['the gateway is shutting down'] }
    try {
      const loaded = await loadConfig(this.#options.file, { env: this.#env, rootPlugins })
      this.#watcher?.update(loaded.document.files)
      this.#takeOver(await this.#build(loaded))
      this.log.info({ trigger, generation: this.generation, routes: loaded.config.routes.length }, 'configuration reloaded')
      return { ok: true, problems: [] }
    } catch (error) {
      // The mend may come in a file that only the refused configuration names.
      if (error instanceof ConfigRefused) this.#watcher?.update(error.files)
      return this.#refuse(error, trigger)
    }
  }

  #takeOver (next: Generation): void {
    const pinned = keysNeedingRestart(this.loaded.config, next.loaded.config)
    if (pinned.length > 0) this.log.warn({ keys: pinned }, 'these keys take effect after a restart only')
    this.#generations!.succeed(next)
    this.log.level = next.loaded.config.logging.level
    this.#public!.apply(publicLimits(next.loaded.config))
    this.#admin?.apply(adminLimits(next.loaded.config))
    this.#took()
  }

  #took (): void {
    this.generation++
    this.loadedAt = this.#context!.clock.wall()
    this.refused = undefined
    this.reloads.ok++
  }

  #refuse (error: unknown, trigger: string): Verdict {
    const source = error instanceof ConfigRefused ? error.source : () => undefined
    const problems = error instanceof ConfigError ? error.problems.map(problem => formatProblem(problem, source)) : [error instanceof Error ? error.message : String(error)]
    this.refused = { at: this.#context!.clock.wall(), problems }
    this.reloads.refused++
    const cause = error instanceof ConfigError ? error.cause : error
    this.log.error({ trigger, problems, ...(cause === undefined ? {} : { err: cause }) }, 'invalid configuration, keeping the old one')
    return { ok: false, problems }
  }

  async #close (timeout = 0): Promise<void> {
    this.draining = true
    this.#watcher?.close()
    await this.#waiting
    await this.#reloading
    const closed = this.#public?.close()
    const deadline = setTimeout(() => this.#public?.connections.destroyAll(), timeout)
    await this.#generations?.drain(timeout)
    // An answer that had begun before could not say that it is the last one on its connection.
    setImmediate(() => this.#public?.closeIdle())
    await closed
    clearTimeout(deadline)
    const adminClosed = this.#admin?.close()
    this.#admin?.connections.destroyAll()
    await adminClosed
    await this.#generations?.close()
  }
}
