/**
 * A generation: one Fastify app built from one configuration. It does not listen: the gateway passes requests to it. It knows the requests
 * in flight.
 */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyInstance } from 'fastify'
import type { ReleasableHolder } from '../contract/holder.ts'
import { buildApp } from './app.ts'
import { withWarnings, type Loaded } from '../config/load.ts'
import type { GenerationContext } from './generation-context.ts'
import type { PluginHost } from './plugin-host.ts'
import { Rehearsals } from './rehearsals.ts'
import { reasons } from '../contract/errors.ts'
import { respondToChallenge } from '../acme/challenge-http.ts'
import { expectationOf } from '../http/expectation.ts'
import { DenseSet } from '../collections/dense-set.ts'
import { exchangeOf, type HttpExchange } from '../exchange/exchange.ts'
import { isEventStream } from '../http/media-type.ts'
import { within } from '../scheduling/within.ts'
import type { Tunnels } from '../transport/tunnel/tunnels.ts'

/** How long it waits, before it serves, for what its plugins need, in milliseconds. */
const longestWait = 5000

/** How long each step of closing may take, in milliseconds. */
const longestClose = 5000

export class Generation {
  readonly loaded: Loaded
  readonly host: PluginHost
  readonly rehearsals: Rehearsals
  readonly #app: FastifyInstance
  readonly #holder: ReleasableHolder
  readonly #open = new DenseSet<ServerResponse>()
  readonly #waiters = new Set<() => void>()

  private constructor (loaded: Loaded, app: FastifyInstance, holder: ReleasableHolder, context: GenerationContext) {
    this.#app = app
    this.#holder = holder
    this.host = app.gateway as PluginHost
    this.loaded = withWarnings(loaded, this.host.additions.warnings)
    this.rehearsals = new Rehearsals(this, context)
    // A WebSocket is no request in flight any more: it may outlive its generation's time to serve.
    this.host.tunnels.opened = ({ reply }) => {
      reply!.raw.off('close', this.#leave)
      this.#leave.call(reply!.raw)
    }
  }

  /** Builds a generation that is ready to serve. On failure everything that was built is closed again. */
  static async build (loaded: Loaded, context: GenerationContext): Promise<Generation> {
    const holder = context.holdings.hold()
    let generation: Generation | undefined
    try {
      const { config, plugins, schema, folder, redactor } = loaded
      generation = new Generation(
        loaded,
        await buildApp({ ...context, config, plugins, schema, folder, redactor, holder, rehearsal: false }),
        holder,
        context
      )
      await generation.host.admin.ready()
      holder.start()
      await generation.host.ready(longestWait)
      return generation
    } catch (error) {
      await (generation === undefined ? holder.release() : generation.close())
      throw error
    }
  }

  /** The number of requests in flight, without WebSockets. */
  get inFlight (): number {
    return this.#open.size
  }

  get tunnels (): Tunnels {
    return this.host.tunnels
  }

  /** Serves a request of the public listener. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { reserved, acme } = this.host
    if (acme !== undefined && respondToChallenge(acme, request, response)) return
    if (reserved.size > 0) {
      const handler = reserved.get(pathOf(request.url!))
      if (handler !== undefined) {
        handler(request, response)
        return
      }
    }
    this.#open.add(response)
    response.once('close', this.#leave)
    this.#app.routing(request, response)
  }

  /** Serves a request of the admin listener. */
  readonly handleAdmin = (request: IncomingMessage, response: ServerResponse): void => {
    if (expectationOf(request) === 'continue') response.writeContinue()
    this.host.admin.routing(request, response)
  }

  /** Adds `connection: close` to responses in flight that have not begun. */
  endConnections (): void {
    for (const response of this.#open) if (!response.headersSent) response.setHeader('connection', 'close')
  }

  /** Resolves when no request is in flight; WebSockets may be open. It may be called any number of times. */
  async drained (): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>(resolve => { this.#waiters.add(resolve) })
  }

  /** Cuts the requests in flight, each with a reason, and returns how many they were. They have ended when `drained` resolves. */
  cut (): number {
    return this.#cut(() => true)
  }

  /** The same, but event streams and calls of gRPC that are on their way go on. */
  cutRequests (): number {
    return this.#cut(({ response, grpc }) => {
      return response === undefined || (grpc === undefined && !isEventStream(response.headers['content-type']))
    })
  }

  #cut (applies: (exchange: HttpExchange) => boolean): number {
    let count = 0
    for (const response of this.#open) {
      const exchange = exchangeOf(response.req)
      if (!applies(exchange)) continue
      exchange.reason ??= reasons.shutdown
      response.destroy()
      count++
    }
    return count
  }

  /**
   * Closes it: the close hooks of plugins run, and state that no other generation holds is closed. A step that fails or takes too long is
   * logged and does not delay the others.
   */
  async close (): Promise<void> {
    const steps = [
      async () => await this.rehearsals.close(),
      async () => { await this.#app.close() },
      async () => { await this.host.admin.close() },
      async () => await this.#holder.release()
    ]
    for (const step of steps) {
      try {
        await within(step(), longestClose)
      } catch (error) {
        this.#app.log.error({ err: error }, 'error closing resource')
      }
    }
  }

  readonly #leave = leaver(this.#open, this.#waiters)
}

/** One function for all responses, instead of a closure for each request. */
function leaver (open: DenseSet<ServerResponse>, waiters: Set<() => void>): (this: ServerResponse) => void {
  return function () {
    open.delete(this)
    if (open.size > 0) return
    for (const done of waiters) done()
    waiters.clear()
  }
}

function pathOf (url: string): string {
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}
