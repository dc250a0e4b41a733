/** The gateway: two listeners and the current generation behind them. Starts, takes over a new configuration, shuts down. */

import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from 'pino'
import type { GatewayControl, Rehearsal, RehearsalRequest } from './api.ts'
import { rootPlugins } from './app.ts'
import { systemClock, type Clock, type Random } from './clock.ts'
import { effectiveConfig } from './config/effective.ts'
import { ConfigRefused, loadConfig, type Loaded } from './config/load.ts'
import { ConfigError, formatProblem, type Problem } from './config/problem.ts'
import { watchFiles } from './config/watch.ts'
import { Generation, type GenerationContext } from './generation.ts'
import { Leases } from './leases.ts'
import { createPublicServer, applyTimeouts } from './listener.ts'
import { createLogger } from './log.ts'
import { rehearse } from './rehearsal.ts'

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

export class Gateway implements GatewayControl {
  readonly #options: GatewayOptions
  readonly #leases = new Leases()
  #context: GenerationContext | undefined
  #current: Generation | undefined
  readonly #retiring = new Map<Generation, Promise<void>>()
  #server: Server | undefined
  #admin: Server | undefined
  #watcher: ReturnType<typeof watchFiles> | undefined
  #reloading: Promise<unknown> = Promise.resolve()
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
    return this.#current!.loaded
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
    this.#context = { leases: this.#leases, logger, clock, random, control: this }
    this.#current = await this.#build(loaded)
    this.#took()
    const { server, admin } = loaded.config
    try {
      this.#server = createPublicServer(server, (request, response) => this.#current!.handle(request, response), () => this.draining)
      await listen(this.#server, server.host, server.port)
      if (admin.enabled) {
        this.#admin = createServer((request, response) => this.#current!.handleAdmin(request, response))
        await listen(this.#admin, admin.host, admin.port)
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
    return { proxy: addressOf(this.#server!), admin: this.#admin === undefined ? undefined : addressOf(this.#admin) }
  }

  /** One reload after the other; each decides on the file as it is then. */
  async reload (trigger: string): Promise<Verdict> {
    const next = this.#reloading.then(async () => await this.#reload(trigger))
    this.#reloading = next.catch(() => {})
    return await next
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    return await rehearse(this.#current!, this.#context!, request)
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
    this.log.info({ inFlight: this.#current!.inFlight }, 'draining connections')
    await this.close(timeout)
    this.log.info('shutdown complete')
  }

  get #env (): Readonly<Record<string, string | undefined>> {
    return this.#options.env ?? process.env
  }

  async #build (loaded: Loaded): Promise<Generation> {
    try {
      return await Generation.build(loaded, this.#context!)
    } catch (error) {
      throw placed(error, loaded)
    }
  }

  async #reload (trigger: string): Promise<Verdict> {
    if (this.draining || this.#closing !== undefined) return { ok: false, problems: ['the gateway is shutting down'] }
    let loaded: Loaded | undefined
    try {
      loaded = await loadConfig(this.#options.file, { env: this.#env, rootPlugins })
      const next = await this.#build(loaded)
      this.#takeOver(next)
      this.log.info({ trigger, generation: this.generation, routes: loaded.config.routes.length }, 'configuration reloaded')
      return { ok: true, problems: [] }
    } catch (error) {
      return this.#refuse(error, trigger)
    } finally {
      this.#watcher?.update(loaded?.document.files ?? this.loaded.document.files)
    }
  }

  #takeOver (next: Generation): void {
    const old = this.#current!
    const pinned = needsRestart(old.loaded, next.loaded)
    if (pinned.length > 0) this.log.warn({ keys: pinned }, 'these keys take effect after a restart only')
    this.#current = next
    this.log.level = next.loaded.config.logging.level
    applyTimeouts(this.#server!, next.loaded.config.server)
    this.#took()
    this.#retire(old)
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
    this.log.error({ trigger, problems, ...(error instanceof ConfigError ? {} : { err: error }) }, 'invalid configuration, keeping the old one')
    return { ok: false, problems }
  }

  /** Lets the requests of an old generation end, then closes it. */
  #retire (old: Generation): void {
    const { timeout } = old.loaded.config.server.shutdown
    const retired = old.drained(timeout).then(async () => await old.close()).catch((error: unknown) => {
      this.log.error({ err: error }, 'error closing resource')
    }).finally(() => this.#retiring.delete(old))
    this.#retiring.set(old, retired)
  }

  async #close (timeout = 0): Promise<void> {
    this.draining = true
    this.#watcher?.close()
    await this.#reloading
    const generations = [...this.#retiring.keys(), ...this.#current === undefined ? [] : [this.#current]]
    for (const generation of generations) generation.endConnections()
    const closed = close(this.#server)
    const deadline = setTimeout(() => this.#server?.closeAllConnections(), timeout)
    await Promise.all(generations.map(async generation => await generation.drained(timeout)))
    // An answer that had begun before could not say that it is the last one on its connection.
    setImmediate(() => this.#server?.closeIdleConnections())
    await closed
    clearTimeout(deadline)
    this.#admin?.closeAllConnections()
    await close(this.#admin)
    await this.#current?.close()
    await Promise.all(this.#retiring.values())
  }
}

/** Configuration problems that only the building of the app could find, with their places. */
function placed (error: unknown, { document }: Loaded): unknown {
  if (!(error instanceof ConfigError) || error instanceof ConfigRefused) return error
  const problems = error.problems.map((problem): Problem => {
    const position = problem.position ?? document.locate(problem.pointer, problem.at)
    return position === undefined ? problem : { ...problem, position }
  })
  return new ConfigRefused(problems, document.files, file => document.source(file))
}

/** Keys that a running listener cannot change. */
function needsRestart (old: Loaded, next: Loaded): string[] {
  const fixed = (loaded: Loaded): Record<string, unknown> => {
    const { server, admin, logging } = loaded.config
    return { 'server.host': server.host, 'server.port': server.port, 'server.limits.headers': server.limits.headers, 'admin.enabled': admin.enabled, 'admin.host': admin.host, 'admin.port': admin.port, 'logging.format': logging.format }
  }
  const before = fixed(old)
  return Object.entries(fixed(next)).filter(([key, value]) => before[key] !== value).map(([key]) => key)
}

async function listen (server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host, port }, () => { server.off('error', reject); resolve() })
  })
}

async function close (server: Server | undefined): Promise<void> {
  if (server?.listening !== true) return
  await new Promise<void>(resolve => { server.close(() => resolve()) })
}

function addressOf (server: Server): string {
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

