/** The gateway as part of another program. */

import type { Problem } from '../config/check/problem.ts'
import type { InjectedRequest, InjectedResponse } from '../contract/injection.ts'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import {
  inlineSource, sourceOf, type Addresses, type GatewayOptions, type GivenPlugin, type InlineConfig, type ListenOptions
} from './gateway-options.ts'
import { RegisteredPlugins } from './registered-plugins.ts'

/** The result of a reload. `error` is a ConfigRefused where the configuration is the reason. */
export type ReloadResult = { readonly ok: true } | { readonly ok: false, readonly error: Error }

/** A gateway in another program. Several of them in one process share nothing but standard output and the metrics of the process. */
export interface EmbeddedGateway {
  /**
   * Gives a plugin a name that the configuration can use, as in `policies: { mine: { plugin: name } }`.
   * @throws TypeError for a name that is taken or looks like a path; Error after the start
   */
  register (name: string, plugin: GivenPlugin): this
  /**
   * Loads the configuration and gets ready for requests, without listening. `inject` and `start` do it themselves.
   * @throws ConfigRefused, with all problems of the configuration
   */
  ready (): Promise<void>
  /**
   * Opens the listeners and resolves with their base URLs. When it fails, nothing stays open, and another gateway must be created. Later
   * calls resolve with the same.
   * @param listen host and ports in place of those of the configuration
   * @throws ConfigRefused, or the error of a listener, such as EADDRINUSE
   */
  start (listen?: ListenOptions): Promise<Addresses>
  /** The base URLs of the listeners; undefined until they are open. */
  readonly addresses: Addresses | undefined
  /** Warnings about the configuration that serves. */
  readonly warnings: readonly Problem[]
  /**
   * Sends a request through the gateway without a listener, and resolves with the complete response. The request takes the same way as one
   * from the network, from the HTTP parser to the log line, and reaches real targets. A text is the URL of a GET.
   * @throws ConfigRefused before the start; the error of the connection where the response breaks off, such as ECONNRESET
   */
  inject (request: InjectedRequest | string): Promise<InjectedResponse>
  /** Says what would happen to a request. Sends nothing and changes no state. */
  explain (request: RehearsalRequest): Promise<Rehearsal>
  /**
   * Reads the configuration again and serves it from the next request on, without losing a request or state. Where it is refused, the old
   * one serves on. Never rejects for a configuration.
   * @param config replaces the configuration of a gateway that was created with `config`
   */
  reload (config?: InlineConfig): Promise<ReloadResult>
  /**
   * Stops accepting at once, waits for the requests in flight, and cuts those that take too long. Resolves when nothing is open any more,
   * with the number of requests that were cut. Later calls wait for the first.
   * @param options.timeout how long to wait in milliseconds; by default as long as `server.shutdown.timeout`
   */
  close (options?: { readonly timeout?: number }): Promise<number>
}

/**
 * Creates a gateway. Nothing is read or opened before `start`, `ready` or `inject`. It handles no signals of the process.
 *
 * @example
 * const gateway = createGateway({ config: { routes: [{ path: '/*', target: 'http://127.0.0.1:3000' }] } })
 * const { proxy } = await gateway.start()
 *
 * @throws TypeError for options that are not possible
 */
export function createGateway (options: GatewayOptions): EmbeddedGateway {
  return new Embedding(options)
}

/** The kernel is loaded with the first use, so that a plugin's own test that imports this package does not pay for it. */
async function loadKernel (options: GatewayOptions, plugins: RegisteredPlugins) {
  const { Gateway } = await import('./gateway.ts')
  return new Gateway(options, plugins)
}

type Kernel = Awaited<ReturnType<typeof loadKernel>>

const closedMessage = 'the gateway is closed'

class Embedding implements EmbeddedGateway {
  readonly #options: GatewayOptions
  readonly #plugins: RegisteredPlugins
  #loading: Promise<Kernel> | undefined
  #kernel: Kernel | undefined
  #closing: Promise<number> | undefined

  constructor (options: GatewayOptions) {
    sourceOf(options)
    this.#options = options
    this.#plugins = new RegisteredPlugins(options.plugins)
  }

  register (name: string, plugin: GivenPlugin): this {
    if (this.#loading !== undefined || this.#closing !== undefined) throw new Error('plugins must be registered before the start')
    this.#plugins.add(name, plugin)
    return this
  }

  async ready (): Promise<void> {
    await (await this.#load()).prepare()
  }

  async start (listen?: ListenOptions): Promise<Addresses> {
    return await (await this.#load()).start(listen)
  }

  get addresses (): Addresses | undefined {
    return this.#kernel?.addresses
  }

  get warnings (): readonly Problem[] {
    return this.#kernel?.serving === true ? this.#kernel.loaded.warnings : []
  }

  async inject (request: InjectedRequest | string): Promise<InjectedResponse> {
    return await (await this.#load()).inject(request)
  }

  async explain (request: RehearsalRequest): Promise<Rehearsal> {
    const kernel = await this.#load()
    await kernel.prepare()
    return await kernel.explain(request)
  }

  async reload (config?: InlineConfig): Promise<ReloadResult> {
    if (config !== undefined && this.#options.file !== undefined) throw new TypeError('a gateway with a file reloads its file')
    const next = config === undefined ? undefined : inlineSource(config, this.#options.folder)
    const outcome = await (await this.#load()).reloadFrom(next)
    return outcome.ok ? { ok: true } : { ok: false, error: outcome.error }
  }

  async close ({ timeout }: { readonly timeout?: number } = {}): Promise<number> {
    this.#closing ??= this.#close(timeout)
    return await this.#closing
  }

  async #close (timeout: number | undefined): Promise<number> {
    const kernel = await this.#loading
    if (kernel === undefined) return 0
    const cut = await kernel.close(timeout ?? (kernel.serving ? kernel.loaded.config.server.shutdown.timeout : 0))
    // What was being built meanwhile closes itself.
    await kernel.settled()
    return cut
  }

  async #load (): Promise<Kernel> {
    if (this.#closing !== undefined) throw new Error(closedMessage)
    this.#loading ??= loadKernel(this.#options, this.#plugins)
    this.#kernel = await this.#loading
    return this.#kernel
  }
}
