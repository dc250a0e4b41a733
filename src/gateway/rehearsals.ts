/**
 * The rehearsals of a generation. One app serves them all: it is built for the first, and closed after a while without any. Where a plugin
 * cannot be rehearsed twice, each request gets its own app, which contains only the routes that can affect the request.
 */

import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { Target } from '../contract/target.ts'
import type { Upstream } from '../contract/upstream.ts'
import type { Generation, GenerationContext } from './generation.ts'
import { concernedRoutes } from './concerned-routes.ts'
import { RehearsalApp } from './rehearsal.ts'

/** How often is looked whether the app has rehearsed anything since the last look, in milliseconds. */
const lookEvery = 60_000

/** An app, and the targets when it was built. */
interface Standing {
  readonly app: RehearsalApp
  readonly targets: readonly { readonly upstream: Upstream, readonly at: readonly Target[] }[]
}

export class Rehearsals {
  readonly #live: Pick<Generation, 'loaded' | 'door'>
  readonly #context: GenerationContext
  #standing: Standing | undefined
  /** Whether one app can serve all. Known once an app has been built. */
  #reusable = true
  #closed = false
  /** The end of the previous rehearsal. */
  #before: Promise<unknown> = Promise.resolve()
  #used = false
  #looking: NodeJS.Timeout | undefined

  constructor (live: Pick<Generation, 'loaded' | 'door'>, context: GenerationContext) {
    this.#live = live
    this.#context = context
  }

  /** Rehearses a request against the generation, after all earlier rehearsals. Changes no state and sends nothing. */
  async rehearse (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#inTurn(async () => {
      if (this.#closed) throw new Error('the configuration has been replaced')
      const app = this.#reusable ? await this.#app() : undefined
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

  /** Returns the app for the next request; undefined where an app cannot serve more than one. */
  async #app (): Promise<RehearsalApp | undefined> {
    if (this.#standing !== undefined && !isCurrent(this.#standing)) await this.#drop()
    if (this.#standing === undefined) {
      const targets = [...this.#live.door.upstreams.values()].map(upstream => ({ upstream, at: upstream.targets }))
      this.#standing = { app: await RehearsalApp.build(this.#live.loaded, this.#context), targets }
      this.#reusable = this.#standing.app.reusable
      if (!this.#reusable) {
        await this.#drop()
        return undefined
      }
      this.#looking = setInterval(() => this.#look(), lookEvery).unref()
    }
    this.#used = true
    return this.#standing.app
  }

  #look (): void {
    if (!this.#used) void this.#inTurn(async () => await this.#drop())
    this.#used = false
  }

  async #drop (): Promise<void> {
    clearInterval(this.#looking)
    const { app } = this.#standing ?? {}
    this.#standing = undefined
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
export async function rehearseApart ({ loaded, door }: Pick<Generation, 'loaded' | 'door'>, context: GenerationContext, request: RehearsalRequest): Promise<Rehearsal> {
  const routes = concernedRoutes(door, request).map(({ config }) => config)
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
