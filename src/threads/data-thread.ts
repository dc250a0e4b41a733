/** A thread that serves clients: builds the configurations that the control thread orders, and serves the one that the board names. */

import type { FastifyBaseLogger } from 'fastify'
import { ConfigError, type Problem } from '../config/check/problem.ts'
import type { NamedListener, ListenerPlace } from '../config/listeners.ts'
import { loadConfig, type Loaded } from '../config/load.ts'
import { readFrom } from '../config/read/file-copies.ts'
import type { Link } from '../contract/link.ts'
import type { Threads } from '../contract/threads.ts'
import { rootPlugins } from '../gateway/app.ts'
import { closeClients } from '../gateway/closing.ts'
import type { Events } from '../gateway/event-stream.ts'
import { createEvents } from '../gateway/gateway-events.ts'
import { GatewayListeners } from '../gateway/gateway-listeners.ts'
import type { Generation } from '../gateway/generation.ts'
import type { GenerationContext } from '../gateway/generation-context.ts'
import { buildGeneration } from '../gateway/serving-parts.ts'
import { Generations } from '../gateway/generations.ts'
import { createLogger } from '../logging/log.ts'
import { handLines, handLinesTo } from '../logging/standard-output.ts'
import { Holdings } from '../state/holdings.ts'
import { SharedMemory } from '../state/shared/shared-memory.ts'
import { ThreadBoard } from './board.ts'
import { dieOrderly } from './orderly-death.ts'
import { channels, type BuildFailure, type BuildOrder, type OpenOrder, type OpenListeners, type ThreadStart } from './protocol.ts'
import { threadClock } from './thread-clock.ts'
import { ThreadControl } from './thread-control.ts'
import { followLevel } from './thread-level.ts'
import { RemoteTasks } from './remote-tasks.ts'

/** How often it shows that it is alive, in milliseconds. */
const beatEvery = 250

/** A configuration that is ready to serve. */
interface Prepared {
  readonly number: number
  readonly generation: Generation
}

export class DataThread {
  readonly #start: ThreadStart
  readonly #link: Link
  readonly #board: ThreadBoard
  readonly #threads: Threads
  readonly #control: ThreadControl
  readonly #holdings: Holdings
  readonly #clock: GenerationContext['clock']
  #context: GenerationContext & { readonly events: Events } | undefined
  #generations: Generations | undefined
  #listeners: GatewayListeners | undefined
  #prepared: Prepared | undefined
  /** The configuration that serves here. */
  #serving = 0
  /** Listeners that other threads have opened. */
  #known: OpenListeners = new Map()

  constructor (start: ThreadStart, link: Link) {
    this.#start = start
    this.#link = link
    handLinesTo(link)
    this.#board = new ThreadBoard(start.board)
    this.#clock = threadClock(start.clockOrigin)
    this.#threads = { role: 'data', number: start.number, count: start.count, toControl: link }
    this.#holdings = new Holdings(SharedMemory.attach(start.memory, start.number), new RemoteTasks(link))
    this.#control = new ThreadControl(link, this.#board, {
      log: () => this.#context!.logger,
      generations: () => this.#generations,
      listeners: () => this.#listeners
    })
  }

  /** Does what the control thread asks, until it is closed. */
  obey (): void {
    const link = this.#link
    link.answer(channels.build, async (order: BuildOrder) => await this.#build(order))
    link.answer(channels.open, async (order: OpenOrder) => await this.#open(order))
    link.answer(channels.drop, async () => { await this.#drop() })
    link.answer(channels.stop, () => { void this.#listeners?.stopPublic() })
    link.answer(channels.close, async (timeout: number) => await this.#close(timeout))
    link.on(channels.commit, () => { this.#current() })
    setInterval(() => { this.#report() }, beatEvery).unref()
  }

  /** The generation that serves a request that comes now. */
  #current (): Generation {
    const { generation } = this.#board
    if (generation !== this.#serving && this.#prepared?.number === generation) this.#takeOver(this.#prepared)
    return this.#generations!.current
  }

  #takeOver ({ number, generation }: Prepared): void {
    const { config } = generation.loaded
    this.#prepared = undefined
    this.#serving = number
    this.#generations!.succeed(generation)
    this.#listeners!.take(config)
    this.#context!.logger.level = config.logging.level
    this.#redact(generation.loaded)
  }

  async #build ({ number, kept, files, code }: BuildOrder): Promise<BuildFailure | undefined> {
    readFrom(files)
    try {
      const { file, env, overrides } = this.#start
      const loaded = await loadConfig(file, { env, overrides, rootPlugins, serving: this.#generations !== undefined, kept })
      for (const [path, print] of loaded.code) if (code.get(path) !== print) throw new Error(`${path} has changed while it was loaded`)
      this.#context ??= this.#createContext(loaded)
      const generation = await buildGeneration(loaded, this.#context)
      if (this.#generations === undefined) this.#begin(number, generation)
      else this.#prepared = { number, generation }
      return undefined
    } catch (error) {
      return failureOf(error)
    }
  }

  #createContext (first: Loaded): GenerationContext & { readonly events: Events } {
    const { env } = this.#start
    const logger = createLogger(first.config.logging)
    const events = createEvents({
      logger,
      first,
      clock: this.#clock,
      generation: () => this.#board.generation,
      current: () => this.#generations?.current.host.log,
      threads: this.#threads
    })
    followLevel(this.#link, logger, () => this.#serving)
    dieOrderly(logger, async timeout => await this.#close(timeout))
    return {
      holdings: this.#holdings,
      logger,
      clock: this.#clock,
      random: Math.random,
      control: this.#control,
      events,
      threads: this.#threads,
      env
    }
  }

  #begin (number: number, first: Generation): void {
    this.#serving = number
    this.#generations = new Generations(first)
    this.#redact(first.loaded)
    this.#listeners = this.#createListeners(first.loaded, this.#context!.logger)
  }

  #createListeners ({ config }: Loaded, log: FastifyBaseLogger): GatewayListeners {
    const { events } = this.#context!
    const holder = this.#holdings.hold()
    holder.start()
    return new GatewayListeners({
      config,
      current: () => this.#current(),
      draining: () => this.#board.draining,
      log,
      clock: this.#clock,
      emit: (fact, cause) => {
        // The control thread tells what concerns all threads.
        if (fact.type !== 'listeners-changed' && fact.type !== 'open-files-short') events.emit(fact, cause)
      },
      threads: this.#threads,
      holder,
      place: named => this.#placeOf(named),
      admin: false
    })
  }

  /** Threads share ports. A Unix socket belongs to the first of them. */
  #placeOf ({ name, place }: NamedListener): ListenerPlace | undefined {
    if ('socket' in place) return this.#start.number === 1 ? place : undefined
    return { ...place, port: this.#known.get(name)?.port ?? place.port, reusePort: true }
  }

  async #open ({ listen, known }: OpenOrder): Promise<OpenListeners> {
    this.#known = known
    const listeners = this.#listeners!
    if (listeners.addresses === undefined) await listeners.open(listen)
    else if (this.#prepared !== undefined) await listeners.prepare(this.#prepared.generation.loaded)
    return listeners.openHere
  }

  async #drop (): Promise<void> {
    const dropped = this.#prepared
    this.#prepared = undefined
    await Promise.all([dropped?.generation.close(), this.#listeners?.dropPrepared()])
  }

  async #close (timeout: number): Promise<number> {
    if (this.#generations === undefined || this.#listeners === undefined) return 0
    const cut = await closeClients({ listeners: this.#listeners, generations: this.#generations }, timeout)
    await this.#generations.close()
    handLines()
    return cut
  }

  #redact ({ redactor }: Loaded): void {
    this.#context!.events.redact = redactor.active ? text => redactor.text(text) : text => text
  }

  #report (): void {
    this.#board.report(this.#start.number, {
      inFlight: this.#generations?.inFlight ?? 0,
      tunnels: this.#generations?.tunnels ?? 0,
      connections: this.#listeners?.own.open ?? 0,
      lingering: this.#listeners?.own.lingering ?? 0
    })
  }
}

/** What can be told to another thread of an error. */
function failureOf (error: unknown): BuildFailure {
  const problems: readonly Problem[] = error instanceof ConfigError ? error.problems : []
  return { message: error instanceof Error ? error.message : String(error), problems }
}
