/** The listeners of a gateway: those for clients and, where it is enabled, the admin one. They pass requests to the current generation. */

import type { Socket } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import type { Loaded } from '../config/load.ts'
import type { ListenerPlace, NamedListener } from '../config/listeners.ts'
import type { Config } from '../config/types.ts'
import { QuietPeriod } from '../collections/quiet-period.ts'
import type { Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import { reasons } from '../contract/errors.ts'
import type { EventFact } from '../contract/events.ts'
import type { ReleasableHolder } from '../contract/holder.ts'
import type { Count } from '../contract/state.ts'
import type { Threads } from '../contract/threads.ts'
import { adminLimits, isShortOfFiles, mostClients, publicLimits } from '../listeners/limits.ts'
import { Listener, type ListenerOptions } from '../listeners/listener.ts'
import { HandshakeCounter } from '../listeners/tls/handshake-counter.ts'
import { openFilesLimit } from '../listeners/open-files.ts'
import type { Addresses, ListenOptions } from './gateway-options.ts'
import type { Generation } from './generation.ts'
import { ListenerCertificates } from './listener-certificates.ts'
import { type OpenListener, PublicListeners } from './public-listeners.ts'

/** What the listeners need of their gateway. */
export interface GatewayListenersOptions {
  /** The configuration of the start. Name, header limit and the admin listener do not change later. */
  readonly config: Config
  readonly current: () => Generation
  readonly draining: () => boolean
  readonly log: FastifyBaseLogger
  readonly clock: Clock
  readonly emit: (fact: EventFact, cause?: unknown) => void
  /** Where a listener for clients is opened in this thread; undefined where it is not. By default where the configuration says. */
  readonly place?: (named: NamedListener) => ListenerPlace | undefined
  /** Whether the admin listener is in this thread. By default it is. */
  readonly admin?: boolean
  /** The thread that they are in. */
  readonly threads: Threads
  /** Its tasks run. */
  readonly holder: ReleasableHolder
}

/** The connections of a listener that does not exist. */
const none = { open: 0, lingering: 0, most: 0 }

export class GatewayListeners {
  readonly #options: GatewayListenersOptions
  readonly #public: PublicListeners
  readonly #admin: Listener | undefined
  readonly #certificates: ListenerCertificates
  readonly #handshakes = new HandshakeCounter()
  /** Connections of clients, in all threads. */
  readonly #count: Count
  #isOpen = false

  constructor (options: GatewayListenersOptions) {
    this.#options = options
    const { config, current, draining, clock, emit, place = ({ place: written }) => written, admin = true } = options
    const full = new QuietPeriod()
    const count = this.#count = options.holder.count({ kind: 'connections', key: 'public' })
    const certificates = this.#certificates = new ListenerCertificates(options)
    this.#public = new PublicListeners(config, {
      create: name => this.#listener(name, {
        count,
        handshakes: this.#handshakes,
        acme: name => current().host.acme?.secureContext(name),
        handle: (request, response) => current().handle(request, response),
        draining,
        rejected: input => {
          // Of this listener, only connections beyond the limit are rejected as overload.
          if (input.reason === reasons.overloaded && full.isFirst(clock.now())) emit({ type: 'limit-reached', limit: 'connections' })
          current().host.tellRejectedInput(input)
        }
      }),
      place,
      secure: (listener, named) => certificates.secure(listener, named),
      forget: listener => certificates.forget(listener)
    })
    this.#admin = config.admin.enabled && admin ? this.#listener('admin', {
      handle: (request, response) => current().handleAdmin(request, response),
      draining: () => false,
      rejected: () => {}
    }) : undefined
    this.apply(config)
  }

  /** Opens them. Rejects with Node's error, such as EADDRINUSE. */
  async open ({ host, port, adminPort }: ListenOptions): Promise<Addresses> {
    const { config } = this.#options
    const { admin } = config
    await this.#public.openAll(config, { ...host === undefined ? {} : { host }, ...port === undefined ? {} : { port } })
    await this.#admin?.open({ host: admin.host, port: adminPort ?? admin.port })
    this.#isOpen = true
    this.apply(config)
    return this.addresses!
  }

  /** The base URLs; undefined until they are open. */
  get addresses (): Addresses | undefined {
    if (!this.#isOpen) return undefined
    const listeners = this.#public.all.filter(({ isOpen }) => isOpen).map(({ address }) => address)
    return { proxy: listeners[0]!, admin: this.#admin?.address, listeners }
  }

  /** The listeners for clients that are open in this thread, by name. */
  get openHere (): ReadonlyMap<string, OpenListener> {
    return this.#public.open
  }

  /** Connections of clients in this thread. */
  get own (): { readonly open: number, readonly lingering: number } {
    return this.#public.connections
  }

  /** Numbers of connections, by listener. Those of clients that are open are those of all threads. */
  get connections (): GatewayControl['connections'] {
    return { public: { ...this.#public.connections, open: this.#count.value }, admin: this.#admin?.connections ?? none }
  }

  /** The certificates of those for clients. */
  get certificates (): GatewayControl['certificates'] {
    return this.#certificates.served
  }

  /** The TLS handshakes of those for clients. */
  get handshakes (): GatewayControl['handshakes'] {
    return this.#handshakes
  }

  /** Applies the limits of a configuration, also to open connections. */
  apply (config: Config): void {
    const openFiles = openFilesLimit()
    const connections = mostClients(config, openFiles)
    this.#public.apply(config.listeners.map(listener => publicLimits(config, listener, connections)))
    this.#admin?.apply(adminLimits(config))
    if (isShortOfFiles(connections, openFiles)) this.#options.emit({ type: 'open-files-short', connections, openFiles })
  }

  /**
   * Opens those listeners of a configuration that are new, before it takes over.
   * @throws ConfigError for those that cannot be opened
   */
  async prepare (loaded: Loaded): Promise<void> {
    if (this.#isOpen) await this.#public.prepare(loaded)
  }

  /** Closes the listeners that were opened for a configuration that does not take over. */
  async dropPrepared (): Promise<void> {
    await this.#public.dropPrepared()
  }

  /** A configuration takes over: closes the listeners that it does not have, and applies its limits, also to open connections. */
  take (config: Config): void {
    if (this.#isOpen) {
      const { opened, closed } = this.#public.take(config)
      if (opened.length + closed.length > 0) this.#options.emit({ type: 'listeners-changed', opened, closed })
    }
    this.apply(config)
  }

  /** Serves a connection that did not come through the network. */
  inject (connection: Socket): void {
    this.#public.inject(connection)
  }

  /** Stops accepting clients. Those that are connected stay; resolves when the last one has gone. */
  async stopPublic (): Promise<void> {
    await this.#public.stop()
  }

  /** Stops accepting clients; resolves when their last connection is closed. */
  async closePublic (): Promise<void> {
    await this.#public.close()
  }

  /** Closes the client connections without a request. */
  closeIdle (): void {
    this.#public.closeIdle()
  }

  /** Closes all client connections at once. */
  destroyClients (): void {
    this.#public.destroyConnections()
  }

  /** Closes the admin listener and its connections. */
  async closeAdmin (): Promise<void> {
    const closed = this.#admin?.close()
    this.#admin?.connections.destroyAll()
    await closed
  }

  #listener (name: string, options: Pick<ListenerOptions, 'handle' | 'draining' | 'rejected' | 'count' | 'handshakes' | 'acme'>): Listener {
    const { config, log, clock, emit } = this.#options
    const { name: via, limits } = config.server
    const failing = new QuietPeriod()
    const failed = (error: Error, times: number): void => {
      log.error({ err: error, times }, 'connections cannot be accepted')
      if (failing.isFirst(clock.now())) emit({ type: 'accept-failed', listener: name, times }, error)
    }
    return new Listener({ ...options, name, via, headers: limits.headers, failed })
  }
}
