/** What a gateway has once its first configuration is loaded: its generations, its events, and what reloads them. */

import type { FastifyBaseLogger } from 'fastify'
import { ConfigError, formatProblem } from '../config/check/problem.ts'
import { keysNeedingRestart } from '../config/check/restart-keys.ts'
import { loadConfig, placeProblems, type Loaded } from '../config/load.ts'
import type { ConfigSource } from '../config/read/config-source.ts'
import { systemClock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import { logTo } from '../logging/given-log.ts'
import { logLevels, type LogLevel } from '../logging/log-levels.ts'
import { createLogger } from '../logging/log.ts'
import { standardOutput } from '../logging/standard-output.ts'
import { Holdings } from '../state/holdings.ts'
import { rootPlugins } from './app.ts'
import { closeInStages } from './closing.ts'
import type { Events } from './event-stream.ts'
import { createEvents } from './gateway-events.ts'
import { GatewayListeners } from './gateway-listeners.ts'
import { sourceOf, type GatewayOptions } from './gateway-options.ts'
import { Generation } from './generation.ts'
import type { GenerationContext } from './generation-context.ts'
import { Generations } from './generations.ts'
import type { LoadedPlugins } from './policies.ts'
import { Reloader, stopping, type ReloadOutcome } from './reloader.ts'

/** What it needs of its gateway. */
export interface ServingOptions {
  readonly options: GatewayOptions
  readonly plugins: LoadedPlugins
  readonly control: GatewayControl
}

export class Serving {
  readonly #given: ServingOptions
  readonly #context: GenerationContext
  /** The level of the log before an operator changed it. */
  #levelBefore: LogLevel | undefined
  readonly #reloader: Reloader
  readonly generations: Generations
  readonly listeners: GatewayListeners
  readonly events: Events
  readonly #forgetOutput: () => void
  generation = 0
  loadedAt = 0
  refused: GatewayControl['refused']
  /** Reloads by result. */
  readonly reloads = { ok: 0, refused: 0 }

  private constructor (given: ServingOptions, context: GenerationContext, events: Events, first: Generation) {
    this.#given = given
    this.#context = context
    this.events = events
    this.generations = new Generations(first)
    this.#forgetOutput = given.options.logger !== undefined ? () => {}
      : standardOutput().onRecovered(lost => events.emit({ type: 'log-lines-lost', lost }))
    const draining = (): boolean => given.control.draining
    this.listeners = new GatewayListeners({
      config: first.loaded.config,
      current: () => this.generations.current,
      draining,
      log: context.logger,
      clock: context.clock,
      emit: (fact, cause) => events.emit(fact, cause)
    })
    this.#reloader = new Reloader(sourceOf(given.options), {
      load: async source => await load(source, given, true),
      build: async loaded => await this.#build(loaded),
      drop: async next => { await Promise.all([next.close(), this.listeners.dropPrepared()]) },
      takeOver: (next, trigger) => this.#takeOver(next, trigger),
      refused: (error, problems, trigger) => this.#refuse(error, problems, trigger),
      draining
    })
  }

  /**
   * Loads the configuration and builds the first generation. On failure nothing is left.
   * @throws ConfigRefused
   */
  static async prepare (given: ServingOptions): Promise<Serving> {
    const { options, control } = given
    const loaded = await load(sourceOf(options), given, false)
    const { clock = systemClock, random = Math.random, env = process.env } = options
    const made: { serving?: Serving } = {}
    const logger = options.logger === undefined ? createLogger(loaded.config.logging) : logTo(options.logger)
    const events = createEvents({
      logger,
      first: loaded,
      clock,
      generation: () => made.serving?.generation ?? 0,
      current: () => made.serving?.generations.current.host.log
    })
    const context = { holdings: new Holdings(), logger, clock, random, control, events, env }
    const first = await build(loaded, context)
    if (control.draining) {
      await first.close()
      throw new Error(stopping)
    }
    const serving = made.serving = new Serving(given, context, events, first)
    serving.#took()
    return serving
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

  /** Reloads whenever the files of the configuration change. */
  watch (): void {
    this.#reloader.watch(this.loaded.watched)
  }

  /** Reloads the configuration, from another source if there is one. See {@link Reloader.reload}. */
  async reload (trigger: string, source?: ConfigSource): Promise<ReloadOutcome> {
    return await this.#reloader.reload(trigger, source)
  }

  /** Changes the level of the log until the next reload. */
  setLogLevel (level: LogLevel): void {
    const before = this.log.level as LogLevel
    this.#levelBefore ??= before
    // Logged at the more verbose of the two levels, so that a change to a quieter level is logged too.
    if (logLevels.indexOf(level) < logLevels.indexOf(before)) this.log.level = level
    this.events.emit({ type: 'log-level-changed', from: before, to: level })
    this.log.level = level
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

  /** Builds a generation, and opens the listeners that are new with it. */
  async #build (loaded: Loaded): Promise<Generation> {
    const next = await build(loaded, this.#context)
    try {
      await this.listeners.prepare(loaded)
      return next
    } catch (error) {
      await next.close()
      throw placeProblems(error, loaded)
    }
  }

  #takeOver (next: Generation, trigger: string): void {
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
    this.#took()
    this.events.emit({ type: 'configuration-reloaded', trigger, generation: this.generation, routes: config.routes.length })
  }

  #took (): void {
    this.generation++
    this.loadedAt = this.#context.clock.wall()
    this.refused = undefined
    this.reloads.ok++
    const { redactor } = this.loaded
    this.events.redact = redactor.active ? text => redactor.text(text) : text => text
    for (const warning of this.warnings) this.events.emit({ type: 'configuration-warning', warning })
  }

  #refuse (error: unknown, problems: readonly string[], trigger: string): void {
    this.refused = { at: this.#context.clock.wall(), problems }
    this.reloads.refused++
    const cause = error instanceof ConfigError ? error.cause : error
    this.events.emit({ type: 'configuration-refused', trigger, problems }, cause)
  }
}

async function load (source: ConfigSource, { options, plugins }: ServingOptions, serving: boolean): Promise<Loaded> {
  const { env = process.env, overrides = [] } = options
  return await loadConfig(source, { env, overrides, rootPlugins, plugins, serving })
}

async function build (loaded: Loaded, context: GenerationContext): Promise<Generation> {
  try {
    return await Generation.build(loaded, context)
  } catch (error) {
    throw placeProblems(error, loaded)
  }
}
