/** The threads of a gateway with several: the memory that they share, the links to them, and the configuration that all of them serve. */

import { listenersOf } from '../config/listeners.ts'
import type { Loaded } from '../config/load.ts'
import type { Override } from '../config/read/overrides.ts'
import { copyFiles } from '../config/read/text-file.ts'
import type { Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import type { EventFact } from '../contract/events.ts'
import type { Threads } from '../contract/threads.ts'
import type { ListenOptions } from '../gateway/gateway-options.ts'
import { Holdings } from '../state/holdings.ts'
import { SharedMemory } from '../state/shared/shared-memory.ts'
import { ThreadBoard, type ThreadLoad } from './board.ts'
import { compileCache } from './compile-cache.ts'
import { ControlTasks } from './control-tasks.ts'
import { freePorts } from './free-ports.ts'
import { Links } from './links.ts'
import { SilenceWatch } from './silence.ts'
import { clockOrigin } from './thread-clock.ts'
import { tellLevel, type LevelOrder } from './thread-level.ts'
import { ThreadPool } from './thread-pool.ts'

/** How often it looks whether the event loops of the threads turn, in milliseconds. */
const lookEvery = 1000

/** What they need of their gateway. */
export interface GatewayThreadsOptions {
  /** How many serve clients: two or more. */
  readonly count: number
  readonly file: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly overrides: readonly Override[]
  readonly clock: Clock
  readonly emit: (fact: EventFact) => void
  /** The configuration that serves. */
  readonly config: () => Loaded['config']
  /** Called when no thread is left, and none will be started. */
  readonly gone: () => void
}

export class GatewayThreads {
  /** All that the gateway keeps, as the control thread takes it. */
  readonly holdings: Holdings
  readonly links = new Links()
  /** What code in the control thread sees. */
  readonly threads: Threads
  readonly #options: GatewayThreadsOptions
  readonly #board: ThreadBoard
  readonly #pool: ThreadPool
  readonly #silence = new SilenceWatch()
  readonly #looking: NodeJS.Timeout
  /** Where the first listener listens instead of what the configuration says. */
  #first: { readonly host?: string, readonly port?: number } = {}

  /** Starts the threads, which wait for their first configuration. */
  constructor (options: GatewayThreadsOptions) {
    this.#options = options
    const { count, file, env, overrides, clock, emit, gone } = options
    const board = this.#board = ThreadBoard.create(count + 1)
    const memory = SharedMemory.create(count + 1)
    this.holdings = new Holdings(memory, new ControlTasks(this.links))
    this.threads = { role: 'control', number: 0, count, toThreads: this.links }
    this.#pool = new ThreadPool({
      count,
      board,
      links: this.links,
      start: { compileCache: compileCache(), memory: memory.buffer, clockOrigin: clockOrigin(), file, env, overrides },
      now: () => clock.now(),
      emit,
      died: thread => memory.died(thread),
      gone
    })
    this.#looking = setInterval(() => this.#look(), lookEvery).unref()
  }

  /** The base URLs of the listeners for clients of the configuration that serves; empty until they are open. */
  get addresses (): readonly string[] {
    return listenersOf(this.#options.config(), this.#first).flatMap(({ name }) => this.#pool.listeners.get(name)?.address ?? [])
  }

  /** What all of them have open together. */
  get load (): ThreadLoad {
    const sum = { inFlight: 0, tunnels: 0, connections: 0, lingering: 0 }
    for (const { number } of this.#pool.threads) {
      const load = this.#board.loadOf(number)
      sum.inFlight += load.inFlight
      sum.tunnels += load.tunnels
      sum.connections += load.connections
      sum.lingering += load.lingering
    }
    return sum
  }

  /** Makes all threads build a configuration. @throws what the first that fails throws; call {@link drop} then */
  async build ({ watched, code, document: { kept } }: Loaded, number: number): Promise<void> {
    const files = copyFiles(new Map([...watched].filter(([file]) => !code.has(file) && !kept.texts.has(file))))
    if (files === undefined) throw new Error('a file of the configuration has changed while it was read')
    await this.#pool.build({ number, kept, files, code })
  }

  /** Opens the listeners of the first configuration in all threads. Rejects with Node's error, such as EADDRINUSE. */
  async open (config: Loaded['config'], listen: ListenOptions): Promise<void> {
    const { host, port } = listen
    this.#first = { ...host === undefined ? {} : { host }, ...port === undefined ? {} : { port } }
    await freePorts(config, this.#first)
    await this.#pool.open(listen)
  }

  /** The same for the listeners that are new with the configuration just built. */
  async openNew (config: Loaded['config'], known: Loaded['config']): Promise<void> {
    await freePorts(config, this.#first, known)
    await this.#pool.open({})
  }

  /** The configuration just built serves, in all threads at once. */
  commit (config: Loaded['config']): void {
    this.#pool.commit(new Set(listenersOf(config, this.#first).map(({ name }) => name)))
  }

  /** Closes what was built and will not serve. */
  async drop (): Promise<void> {
    await this.#pool.drop()
  }

  /** Sets the level of the log until the next configuration takes over. */
  setLogLevel (order: LevelOrder): void {
    tellLevel(this.links, order)
  }

  /** From now on every response closes its connection. */
  drain (): void {
    this.#board.draining = true
  }

  /** See {@link ThreadPool.close}. */
  async close (timeout: number): Promise<number> {
    clearInterval(this.#looking)
    await this.#pool.stop()
    this.drain()
    return await this.#pool.close(timeout)
  }

  /** The threads as an operator sees them. */
  get states (): GatewayControl['threads'] {
    const looks = this.#looksOfSilence
    return this.#pool.threads.map(({ state, ...thread }) => {
      const shown = this.#silence.isSilent(thread.number, looks) ? 'silent' : this.#board.draining ? 'draining' : state
      return { ...thread, state: shown, connections: this.#board.loadOf(thread.number).connections }
    })
  }

  get #looksOfSilence (): number {
    return Math.max(2, Math.ceil(this.#options.config().server.silentThread.after / lookEvery))
  }

  #look (): void {
    const serving = this.#pool.threads.filter(({ state }) => state === 'serving')
    const beats = new Map(serving.map(({ number }) => [number, this.#board.beatOf(number)]))
    const looks = this.#looksOfSilence
    const { replace } = this.#options.config().server.silentThread
    for (const { thread, silent } of this.#silence.look(beats, looks)) {
      this.#options.emit({ type: silent ? 'thread-silent' : 'thread-heard', thread })
      if (silent && replace) void this.#pool.terminate(thread, 'its event loop was silent')
    }
  }
}
