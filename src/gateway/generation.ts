/** A generation: one Fastify app built from one configuration. It never listens; it is handed requests, and knows how many it still has. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance } from 'fastify'
import type { LeaseHolder } from '../contract/leases.ts'
import type { GatewayControl } from '../contract/control.ts'
import { buildApp } from './app.ts'
import type { Clock, Random } from '../contract/clock.ts'
import type { Loaded } from '../config/load.ts'
import type { EventStream } from './event-stream.ts'
import type { PluginHost } from './plugin-host.ts'
import { Rehearsals } from './rehearsals.ts'
import { reasons } from '../contract/errors.ts'
import { expectationOf } from '../http/expectation.ts'
import type { Leases } from '../state/leases.ts'
import { DenseSet } from '../collections/dense-set.ts'
import { exchangeOf } from '../exchange/exchange.ts'
import { within } from '../scheduling/within.ts'

/** How long it waits for what plugins wait for before it serves, in milliseconds. */
const longestWait = 5000

/** How long one step of its end may take, in milliseconds. */
const longestClose = 5000

/** What every generation of a gateway is built with. */
export interface GenerationContext {
  readonly leases: Leases
  readonly logger: FastifyBaseLogger
  readonly clock: Clock
  readonly random: Random
  readonly control: GatewayControl
  /** Without it nobody hears of events. */
  readonly events?: EventStream
  readonly env: Readonly<Record<string, string | undefined>>
}

export class Generation {
  readonly loaded: Loaded
  readonly door: PluginHost
  readonly rehearsals: Rehearsals
  readonly #app: FastifyInstance
  readonly #leases: LeaseHolder
  readonly #open = new DenseSet<ServerResponse>()
  readonly #waiters = new Set<() => void>()

  private constructor (loaded: Loaded, app: FastifyInstance, leases: LeaseHolder, context: GenerationContext) {
    this.loaded = loaded
    this.#app = app
    this.#leases = leases
    this.door = app.gateway as PluginHost
    this.rehearsals = new Rehearsals(this, context)
  }

  /** Builds a generation that is ready to take over. A failure leaves nothing behind. */
  static async build (loaded: Loaded, context: GenerationContext): Promise<Generation> {
    const leases = context.leases.hold()
    let generation: Generation | undefined
    try {
      const { config, plugins, schema, folder, redactor } = loaded
      generation = new Generation(loaded, await buildApp({ ...context, config, plugins, schema, folder, redactor, leases, rehearsal: false }), leases, context)
      await generation.door.admin.ready()
      await generation.door.ready(longestWait)
      return generation
    } catch (error) {
      await (generation === undefined ? leases.release() : generation.close())
      throw error
    }
  }

  get inFlight (): number {
    return this.#open.size
  }

  /** Serves a request of the public listener. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    const { reserved } = this.door
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
    this.door.admin.routing(request, response)
  }

  /** Tells the clients of the requests in flight, where their answers have not begun, that the connection ends with the answer. */
  endConnections (): void {
    for (const response of this.#open) response.shouldKeepAlive = false
  }

  /** Resolves when the last request is done. Any number may wait for it. */
  async drained (): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>(resolve => { this.#waiters.add(resolve) })
  }

  /** Cuts the requests in flight, each with its reason, and returns how many they were. They are done when `drained` says so. */
  cut (): number {
    const { size } = this.#open
    for (const response of this.#open) {
      exchangeOf(response.req).reason ??= reasons.shutdown
      response.destroy()
    }
    return size
  }

  /** Ends it: hooks of plugins run, and leases nobody else holds are closed. One that fails, or does not end, is logged and holds up none of the others. */
  async close (): Promise<void> {
    const steps = [
      async () => await this.rehearsals.close(),
      async () => { await this.#app.close() },
      async () => { await this.door.admin.close() },
      async () => await this.#leases.release()
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

/** One function for all responses: a closure for each would be work on every request. */
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
