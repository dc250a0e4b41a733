/**
 * The rehearsals of a generation. One app serves them all; it is closed after a while without any. The first requests of a configuration
 * with many routes get apps of their own, which contain only the routes that can affect the request.
 */

import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { Target } from '../contract/target.ts'
import type { Upstream } from '../contract/upstream.ts'
import type { Loaded } from '../config/load.ts'
import type { GenerationContext } from './generation-context.ts'
import type { PluginHost } from './plugin-host.ts'
import { concernedRoutes } from './concerned-routes.ts'
import { RehearsalApp } from './rehearsal.ts'

/** An app without a rehearsal between two looks is closed. In milliseconds. */
const lookEvery = 60_000

/** One app for all is built after one rehearsal for so many routes: before that, small apps cost less. */
const routesPerRehearsal = 500

/** An app, and the targets when it was built. */
interface Standing {
  readonly app: RehearsalApp
  readonly targets: readonly { readonly upstream: Upstream, readonly at: readonly Target[] }[]
}

/** What is rehearsed: a configuration, and its app with the live state. */
interface Rehearsed {
  readonly loaded: Loaded
  readonly host: PluginHost
}

export class Rehearsals {
  readonly #live: Rehearsed
  readonly #context: GenerationContext
  #standing: Standing | undefined
  /** Rehearsals since there is no app. */
  #asked = 0
  #closed = false
  /** The end of the previous rehearsal. */
  #before: Promise<unknown> = Promise.resolve()
  #used = false
  #looking: NodeJS.Timeout | undefined

  constructor (live: Rehearsed, context: GenerationContext) {
    this.#live = live
    this.#context = context
  }

  /** Rehearses a request against the generation, after all earlier rehearsals. Changes no state and sends nothing. */
  async rehearse (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#inTurn(async () => {
      if (this.#closed) throw new Error('the configuration has been replaced')
      const app = await this.#app()
      return app === undefined ? await rehearseApart(this.#live, this.#context, request) : await app.rehearse(request)
    })
  }

  /** Closes the app after all waiting rehearsals. */
  async close (): Promise<void> {
    await this.#inTurn(async () => {
      this.#closed = true
      await this.#drop()
    })
  }

  /** Returns the app for the next request; undefined where the request needs its own. */
  async #app (): Promise<RehearsalApp | undefined> {
    if (this.#standing !== undefined && !isCurrent(this.#standing)) await this.#drop()
    if (this.#standing === undefined && this.#isWorthwhile()) await this.#build()
    this.#used = true
    return this.#standing?.app
  }

  #isWorthwhile (): boolean {
    return ++this.#asked > this.#live.host.routes.length / routesPerRehearsal
  }

  async #build (): Promise<void> {
    const targets = [...this.#live.host.upstreams.values()].map(upstream => ({ upstream, at: upstream.targets }))
    this.#standing = { app: await RehearsalApp.build(this.#live.loaded, this.#context), targets }
    this.#looking = setInterval(() => this.#look(), lookEvery).unref()
  }

  #look (): void {
    if (!this.#used) void this.#inTurn(async () => await this.#drop())
    this.#used = false
  }

  async #drop (): Promise<void> {
    clearInterval(this.#looking)
    const { app } = this.#standing ?? {}
    this.#standing = undefined
    this.#asked = 0
    await app?.close()
  }

  async #inTurn<T> (work: () => Promise<T>): Promise<T> {
    const before = this.#before
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#before = promise
    await before
    try {
      return await work()
    } finally {
      resolve()
    }
  }
}

/**
 * Rehearses a request in its own app, which contains only the routes that can affect the request. It costs the same with ten routes as with
 * ten thousand.
 */
export async function rehearseApart (live: Rehearsed, context: GenerationContext, request: RehearsalRequest): Promise<Rehearsal> {
  const { loaded, host } = live
  const routes = concernedRoutes(host, request).map(({ config }) => config)
  const app = await RehearsalApp.build({ ...loaded, config: { ...loaded.config, routes } }, context)
  try {
    return await app.rehearse(request)
  } finally {
    await app.close()
  }
}

/** Whether the gateway still has the targets of the app. Discovery can replace them. */
function isCurrent ({ targets }: Standing): boolean {
  for (const { upstream, at } of targets) if (upstream.targets !== at) return false
  return true
}
