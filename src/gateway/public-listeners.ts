/** The listeners for clients. A reload opens those that are new and closes those that are gone, while the others serve on. */

import type { Socket } from 'node:net'
import { ConfigError } from '../config/check/problem.ts'
import { listenerPointer, listenersOf, type ListenerPlace, type NamedListener } from '../config/listeners.ts'
import type { Loaded } from '../config/load.ts'
import type { Config } from '../config/types.ts'
import { listenProblem } from '../listeners/listen-problem.ts'
import type { Listener, ListenerLimits } from '../listeners/listener.ts'

/** A place that a program gives instead of the configuration. */
type FirstPlace = NonNullable<Parameters<typeof listenersOf>[1]>

/** What is done with listeners beyond opening them. */
export interface ListenerCare {
  /** Makes the listener with a name, which is not open yet. */
  create (name: string): Listener
  /** Where a listener is opened in this thread; undefined where it is not. */
  place (named: NamedListener): ListenerPlace | undefined
  /** Gives a listener its certificates, before it opens and at each reload. */
  secure (listener: Listener, named: NamedListener): void
  /** A listener accepts nothing any more. */
  forget (listener: Listener): void
}

/** Where a listener is open. */
export interface OpenListener {
  /** Its base URL. */
  readonly address: string
  /** Undefined for a Unix socket. */
  readonly port: number | undefined
}

export class PublicListeners {
  readonly #care: ListenerCare
  /** Where the first one listens, instead of what the configuration says. */
  #first: FirstPlace = {}
  /** By name, in the order of the configuration. */
  #serving = new Map<string, Listener>()
  /** Listeners that were opened for a configuration that has not taken over yet. */
  #prepared = new Map<string, Listener>()
  /** Listeners that accept nothing any more and whose last connections are not closed yet. */
  readonly #retired = new Set<Listener>()

  constructor (config: Config, care: ListenerCare) {
    this.#care = care
    this.#serving = this.#createAll(config)
  }

  /** Those that serve, in the order of the configuration. */
  get all (): readonly Listener[] {
    return [...this.#serving.values()]
  }

  /** Those that are open, by name, also those that do not serve yet. */
  get open (): ReadonlyMap<string, OpenListener> {
    const open = [...this.#serving, ...this.#prepared].filter(([, { isOpen }]) => isOpen)
    return new Map(open.map(([name, { address, port }]) => [name, { address, port }]))
  }

  /**
   * Opens all of them.
   * @param first where the first one listens instead of what the configuration says, now and after reloads
   * @throws Node's error of the first that cannot be opened, such as EADDRINUSE
   */
  async openAll (config: Config, first: FirstPlace): Promise<void> {
    this.#first = first
    const before = this.all
    this.#serving = this.#createAll(config)
    // Requests may have been injected before.
    for (const listener of before) this.#retire(listener)
    for (const named of listenersOf(config, first)) {
      const listener = this.#serving.get(named.name)!
      await this.#open(listener, named)
    }
  }

  /**
   * Opens those of a configuration that are new. They serve the configuration of today until {@link take}.
   * @throws ConfigError with a problem for each that cannot be opened; then none of them stays open
   */
  async prepare ({ config, document }: Pick<Loaded, 'config' | 'document'>): Promise<void> {
    const problems = []
    for (const [index, named] of listenersOf(config, this.#first).entries()) {
      const { name } = named
      if (this.#serving.has(name) || this.#prepared.has(name)) continue
      const listener = this.#care.create(name)
      try {
        await this.#open(listener, named)
        this.#prepared.set(name, listener)
      } catch (error) {
        this.#care.forget(listener)
        problems.push({ severity: 'error', pointer: listenerPointer(document, index), message: listenProblem(error, name) } as const)
      }
    }
    if (problems.length === 0) return
    await this.dropPrepared()
    throw new ConfigError(problems)
  }

  /** Closes those that were opened for a configuration that does not take over. */
  async dropPrepared (): Promise<void> {
    const dropped = [...this.#prepared.values()]
    this.#prepared.clear()
    for (const listener of dropped) this.#care.forget(listener)
    await Promise.all(dropped.map(async listener => await listener.retire()))
  }

  /** A configuration takes over. Returns the names of the listeners that were opened for it, and of those that are closed. */
  take (config: Config): { readonly opened: readonly string[], readonly closed: readonly string[] } {
    const opened = [...this.#prepared.keys()]
    const before = this.#serving
    const named = listenersOf(config, this.#first)
    this.#serving = new Map(named.map(({ name }) => [name, before.get(name) ?? this.#prepared.get(name)!]))
    this.#prepared.clear()
    for (const one of named) if (before.has(one.name)) this.#care.secure(before.get(one.name)!, one)
    const closed = [...before].filter(([name]) => !this.#serving.has(name))
    for (const [, listener] of closed) this.#retire(listener)
    return { opened, closed: closed.map(([name]) => name) }
  }

  /** Applies limits to each, in the order of the configuration. */
  apply (limits: readonly ListenerLimits[]): void {
    for (const [index, listener] of this.all.entries()) listener.apply(limits[index]!)
  }

  /** Serves a connection that did not come through the network, on the first listener that serves requests and does not redirect them. */
  inject (connection: Socket): void {
    const listener = this.all.find(({ redirects }) => !redirects) ?? this.all[0]!
    listener.inject(connection)
  }

  /** Connections of all of them, the last ones of listeners that are gone included. */
  get connections (): { readonly open: number, readonly lingering: number, readonly most: number } {
    const all = this.#known.map(({ connections }) => connections)
    return {
      open: all.reduce((sum, { open }) => sum + open, 0),
      lingering: all.reduce((sum, { lingering }) => sum + lingering, 0),
      most: all[0]!.most
    }
  }

  /** Stops accepting. Connections stay; resolves when the last one is closed. */
  async stop (): Promise<void> {
    await Promise.all(this.#known.map(async listener => await listener.stop()))
  }

  /** Stops accepting; resolves when the last connection is closed. */
  async close (): Promise<void> {
    for (const listener of this.#known) this.#care.forget(listener)
    await Promise.all(this.#known.map(async listener => await listener.close()))
  }

  /** Closes the connections without a request. */
  closeIdle (): void {
    for (const listener of this.#known) listener.closeIdle()
  }

  /** Closes all connections at once. */
  destroyConnections (): void {
    for (const { connections } of this.#known) connections.destroyAll()
  }

  async #open (listener: Listener, named: NamedListener): Promise<void> {
    this.#care.secure(listener, named)
    const place = this.#care.place(named)
    if (place !== undefined) await listener.open(place)
  }

  #createAll (config: Config): Map<string, Listener> {
    return new Map(listenersOf(config, this.#first).map(({ name }) => [name, this.#care.create(name)]))
  }

  #retire (listener: Listener): void {
    this.#retired.add(listener)
    this.#care.forget(listener)
    void listener.retire().then(() => this.#retired.delete(listener))
  }

  get #known (): Listener[] {
    return [...this.#serving.values(), ...this.#prepared.values(), ...this.#retired]
  }
}
