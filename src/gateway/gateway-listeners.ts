/** The listeners of a gateway: the public one and, where it is enabled, the admin one. They pass requests to the current generation. */

import type { Socket } from 'node:net'
import type { FastifyBaseLogger } from 'fastify'
import type { Config } from '../config/types.ts'
import { QuietPeriod } from '../collections/quiet-period.ts'
import type { Clock } from '../contract/clock.ts'
import type { GatewayControl } from '../contract/control.ts'
import { reasons } from '../contract/errors.ts'
import type { EventFact } from '../contract/events.ts'
import { adminLimits, isShortOfFiles, publicLimits } from '../listeners/limits.ts'
import { Listener, type ListenerOptions } from '../listeners/listener.ts'
import { openFilesLimit } from '../listeners/open-files.ts'
import type { Addresses, ListenOptions } from './gateway-options.ts'
import type { Generation } from './generation.ts'

/** What the listeners need of their gateway. */
export interface GatewayListenersOptions {
  /** The configuration of the start. Host, port, name and header limit do not change later. */
  readonly config: Config
  readonly current: () => Generation
  readonly draining: () => boolean
  readonly log: FastifyBaseLogger
  readonly clock: Clock
  readonly emit: (fact: EventFact, cause?: unknown) => void
}

/** The connections of a listener that does not exist. */
const none = { open: 0, lingering: 0, most: 0 }

export class GatewayListeners {
  readonly #options: GatewayListenersOptions
  readonly #public: Listener
  readonly #admin: Listener | undefined
  #addresses: Addresses | undefined

  constructor (options: GatewayListenersOptions) {
    this.#options = options
    const { config, current, draining, clock, emit } = options
    const full = new QuietPeriod()
    this.#public = this.#listener('public', {
      handle: (request, response) => current().handle(request, response),
      draining,
      rejected: input => {
        // Of this listener, only connections beyond the limit are rejected as overload.
        if (input.reason === reasons.overloaded && full.isFirst(clock.now())) emit({ type: 'limit-reached', limit: 'connections' })
        current().host.tellRejectedInput(input)
      }
    })
    this.#admin = config.admin.enabled ? this.#listener('admin', {
      handle: (request, response) => current().handleAdmin(request, response),
      draining: () => false,
      rejected: () => {}
    }) : undefined
    this.apply(config)
  }

  /** Opens them. Rejects with Node's error, such as EADDRINUSE. */
  async open ({ host, port, adminPort }: ListenOptions): Promise<Addresses> {
    const { server, admin } = this.#options.config
    await this.#public.open(host ?? server.host, port ?? server.port)
    await this.#admin?.open(admin.host, adminPort ?? admin.port)
    this.#addresses = { proxy: this.#public.address, admin: this.#admin?.address }
    return this.#addresses
  }

  /** The base URLs; undefined until they are open. */
  get addresses (): Addresses | undefined {
    return this.#addresses
  }

  /** Numbers of connections, by listener. */
  get connections (): GatewayControl['connections'] {
    return { public: this.#public.connections, admin: this.#admin?.connections ?? none }
  }

  /** Applies the limits of a configuration, also to open connections. */
  apply (config: Config): void {
    const openFiles = openFilesLimit()
    const limits = publicLimits(config, openFiles)
    this.#public.apply(limits)
    this.#admin?.apply(adminLimits(config))
    if (isShortOfFiles(limits.connections, openFiles)) {
      this.#options.emit({ type: 'open-files-short', connections: limits.connections, openFiles })
    }
  }

  /** Serves a connection that did not come through the network. */
  inject (connection: Socket): void {
    this.#public.inject(connection)
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
    this.#public.connections.destroyAll()
  }

  /** Closes the admin listener and its connections. */
  async closeAdmin (): Promise<void> {
    const closed = this.#admin?.close()
    this.#admin?.connections.destroyAll()
    await closed
  }

  #listener (listener: 'public' | 'admin', options: Pick<ListenerOptions, 'handle' | 'draining' | 'rejected'>): Listener {
    const { config, log, clock, emit } = this.#options
    const { name, limits } = config.server
    const failing = new QuietPeriod()
    const failed = (error: Error, times: number): void => {
      log.error({ err: error, times }, 'connections cannot be accepted')
      if (failing.isFirst(clock.now())) emit({ type: 'accept-failed', listener, times }, error)
    }
    return new Listener({ ...options, name, headers: limits.headers, failed })
  }
}
