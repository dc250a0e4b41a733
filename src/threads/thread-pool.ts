/**
 * The data threads of a gateway: starts them, makes all of them serve the same configuration, replaces those that die, and closes them.
 * What changes all of them happens one after the other, so that a thread that is being replaced misses no reload.
 */

import { ConfigError, type Problem } from '../config/check/problem.ts'
import type { EventFact } from '../contract/events.ts'
import type { ListenOptions } from '../gateway/gateway-options.ts'
import { within } from '../scheduling/within.ts'
import { allSettled } from '../state/all-settled.ts'
import type { ThreadBoard } from './board.ts'
import { DataThreadHandle } from './data-thread-handle.ts'
import type { Links } from './links.ts'
import { channels, type BuildFailure, type BuildOrder, type OpenListeners, type OpenOrder, type ThreadStart } from './protocol.ts'
import { Restarts } from './restarts.ts'
import { Turns } from './turns.ts'

/** How long a thread may take to stop accepting clients, in milliseconds. */
const longestStop = 1000

/** How long a thread may take beyond the time for its requests to close, in milliseconds. */
const longestClosing = 15_000

/** How long a thread that is being replaced may take to begin, in milliseconds. */
const longestStart = 60_000

/** What a pool needs of its gateway. */
export interface ThreadPoolOptions {
  /** How many threads. */
  readonly count: number
  readonly board: ThreadBoard
  readonly links: Links
  /** What each is started with. */
  readonly start: Omit<ThreadStart, 'number' | 'count' | 'board'>
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly emit: (fact: EventFact) => void
  /** Called when a thread has died: takes back what it held of the shared state. */
  readonly died: (thread: number) => void
  /** Called when no thread is left, and none will be started. */
  readonly gone: () => void
}

/** A thread of a pool. */
export interface PooledThread {
  readonly number: number
  readonly state: 'starting' | 'serving'
  /** When it was started, milliseconds since 1970. */
  readonly since: number
  /** How many before it had its number. */
  readonly restarts: number
}

export class ThreadPool {
  readonly #options: ThreadPoolOptions
  readonly #threads = new Map<number, DataThreadHandle>()
  readonly #turns = new Turns()
  readonly #restarts = new Restarts()
  readonly #restarted = new Map<number, number>()
  readonly #pauses = new Set<NodeJS.Timeout>()
  /** The configuration that serves. */
  #order: BuildOrder | undefined
  /** The one that is being built, until it serves or is dropped. */
  #change: { readonly order: BuildOrder, readonly end: () => void } | undefined
  #closing = false
  /** The listeners for clients that are open. */
  listeners: OpenListeners = new Map()

  constructor (options: ThreadPoolOptions) {
    this.#options = options
    for (let number = 1; number <= options.count; number++) this.#spawn(number)
  }

  /** Those that there are, by number. */
  get threads (): readonly PooledThread[] {
    return this.#list.map(({ number, state, since }) => ({ number, state, since, restarts: this.#restarted.get(number) ?? 0 }))
  }

  get #list (): DataThreadHandle[] {
    return [...this.#threads.values()].toSorted((one, other) => one.number - other.number)
  }

  /**
   * Makes all threads build a configuration. It ends with {@link commit} or {@link drop}; until then no thread is replaced.
   * @throws ConfigError, or another error, of the first thread that fails
   */
  async build (order: BuildOrder): Promise<void> {
    this.#change = { order, end: await this.#turns.begin() }
    await allSettled(this.#list.map(async thread => await build(thread, order)))
  }

  /**
   * Opens the listeners for clients in all threads: all of them, or those that are new with the configuration just built.
   * @throws ConfigError or Node's error of the first that cannot be opened
   */
  async open (listen: ListenOptions): Promise<void> {
    const [first, ...others] = this.#list
    if (first === undefined) throw new Error('no thread serves')
    // The first one takes any free port where the configuration says 0; the others join it.
    const known = new Map([...this.listeners, ...await open(first, { listen, known: this.listeners })])
    await allSettled(others.map(async thread => await open(thread, { listen, known })))
    for (const thread of this.#threads.values()) thread.state = 'serving'
    this.listeners = known
  }

  /** The configuration that was built serves: all threads see it at once. @param listeners the names of its listeners */
  commit (listeners: ReadonlySet<string>): void {
    const { order, end } = this.#change!
    const { board, links } = this.#options
    this.#order = order
    board.generation = order.number
    links.send(channels.commit, undefined)
    this.listeners = new Map([...this.listeners].filter(([name]) => listeners.has(name)))
    this.#change = undefined
    end()
  }

  /** Closes what was built and will not serve. */
  async drop (): Promise<void> {
    const change = this.#change
    if (change === undefined) return
    await Promise.allSettled(this.#list.map(async ({ link }) => await link.ask(channels.drop, undefined)))
    this.#change = undefined
    change.end()
  }

  /** Stops accepting clients, in all threads, before any of them tells its clients to connect elsewhere. */
  async stop (): Promise<void> {
    const asked = Promise.allSettled(this.#list.map(async ({ link }) => await link.ask(channels.stop, undefined)))
    // A thread that hangs does not hold up the others.
    await within(asked, longestStop).catch(() => {})
  }

  /** Lets all threads end when their requests are done; those left after `timeout` milliseconds are cut. Resolves with their number. */
  async close (timeout: number): Promise<number> {
    this.#closing = true
    for (const pause of this.#pauses) clearTimeout(pause)
    const cuts = await Promise.all([...this.#threads.values()].map(async thread => await close(thread, timeout)))
    return cuts.reduce((sum, cut) => sum + cut, 0)
  }

  /** Ends a thread at once, such as one that hangs. It is replaced. */
  async terminate (number: number, why: string): Promise<void> {
    await this.#threads.get(number)?.terminate(why)
  }

  #spawn (number: number): DataThreadHandle {
    const { start, count, board, links } = this.#options
    const thread = new DataThreadHandle({ ...start, number, count, board: board.buffer })
    this.#threads.set(number, thread)
    links.add(number, thread.link)
    void thread.ended.then(why => { this.#ended(thread, why) })
    return thread
  }

  #ended (thread: DataThreadHandle, why: string): void {
    const { number } = thread
    const { links, board, died, emit, now } = this.#options
    this.#threads.delete(number)
    links.remove(number)
    board.died(number)
    died(number)
    if (thread.closing || this.#closing) return
    const pause = this.#restarts.died(number, now())
    emit({ type: 'thread-died', thread: number, why, replacedAfterMs: pause })
    if (pause !== undefined) this.#later(pause, number)
    else if (this.#threads.size === 0 && this.#pauses.size === 0) this.#options.gone()
  }

  #later (pause: number, number: number): void {
    const timer = setTimeout(() => {
      this.#pauses.delete(timer)
      void this.#turns.run(async () => { await this.#replace(number) })
    }, pause)
    this.#pauses.add(timer)
  }

  /** A thread that cannot begin is ended, which counts as another death. */
  async #replace (number: number): Promise<void> {
    if (this.#closing || this.#order === undefined) return
    const thread = this.#spawn(number)
    try {
      await within(this.#begin(thread, this.#order), longestStart)
      thread.state = 'serving'
      this.#restarted.set(number, (this.#restarted.get(number) ?? 0) + 1)
      this.#options.emit({ type: 'thread-replaced', thread: number })
    } catch (error) {
      await thread.terminate(error instanceof Error ? error.message : String(error))
    }
  }

  async #begin (thread: DataThreadHandle, order: BuildOrder): Promise<void> {
    await build(thread, order)
    await open(thread, { listen: {}, known: this.listeners })
  }
}

async function build ({ link, number }: DataThreadHandle, order: BuildOrder): Promise<void> {
  const failure = await link.ask(channels.build, order) as BuildFailure | undefined
  if (failure === undefined) return
  const problems: readonly Problem[] = failure.problems
  if (problems.length > 0) throw new ConfigError(problems)
  throw new Error(`thread ${number}: ${failure.message}`)
}

async function open ({ link }: DataThreadHandle, order: OpenOrder): Promise<OpenListeners> {
  return await link.ask(channels.open, order) as OpenListeners
}

async function close (thread: DataThreadHandle, timeout: number): Promise<number> {
  thread.closing = true
  try {
    return await within(thread.link.ask(channels.close, timeout) as Promise<number>, timeout + longestClosing)
  } catch {
    // It has died, or hangs: what it had open is lost with it.
    return 0
  } finally {
    await thread.terminate()
  }
}
