/**
 * The rehearsals of a generation. One app serves them all: it is built for the first, and let go of after a while without any. Where a plugin cannot be
 * rehearsed twice, each request gets an app of its own, of no more than the routes that it could be meant for.
 */

import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import type { Target } from '../contract/target.ts'
import type { Upstream } from '../contract/upstream.ts'
import type { Generation, GenerationContext } from './generation.ts'
import { concernedRoutes } from './concerned-routes.ts'
import { RehearsalApp } from './rehearsal.ts'

/** How long an app is kept that rehearses nothing, in milliseconds. */
const keptFor = 60_000

/** An app with the targets that there were when it was built. */
interface Standing {
  readonly app: RehearsalApp
  readonly targets: readonly { readonly upstream: Upstream, readonly at: readonly Target[] }[]
}

export class Rehearsals {
  readonly #live: Pick<Generation, 'loaded' | 'door'>
  readonly #context: GenerationContext
  #standing: Standing | undefined
  /** Whether one app can serve all; until one was built, it is not known. */
  #reusable = true
  #closed = false
  /** The end of the rehearsal before. */
  #before: Promise<unknown> = Promise.resolve()
  #idle: NodeJS.Timeout | undefined

  constructor (live: Pick<Generation, 'loaded' | 'door'>, context: GenerationContext) {
    this.#live = live
    this.#context = context
  }

  /** Rehearses a request against what the generation serves now, when all before it are done. Changes no state and sends nothing. */
  async rehearse (request: RehearsalRequest): Promise<Rehearsal> {
    return await this.#inTurn(async () => {
      if (this.#closed) throw new Error('the configuration has been replaced')
      const app = this.#reusable ? await this.#app() : undefined
      return app === undefined ? await rehearseApart(this.#live, this.#context, request) : await app.rehearse(request)
    })
  }

  /** Ends it when the rehearsals that wait are done. */
  async close (): Promise<void> {
    await this.#inTurn(async () => {
      this.#closed = true
      await this.#drop()
    })
  }

  /** The app for the next request; undefined where it cannot serve more than one. */
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
      this.#idle = setTimeout(() => { void this.#inTurn(async () => await this.#drop()) }, keptFor).unref()
    }
    this.#idle!.refresh()
    return this.#standing.app
  }

  async #drop (): Promise<void> {
    clearTimeout(this.#idle)
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

/** Rehearses in an app of its own, built from the routes that the request could be meant for: it costs the same with ten routes as with ten thousand. */
export async function rehearseApart ({ loaded, door }: Pick<Generation, 'loaded' | 'door'>, context: GenerationContext, request: RehearsalRequest): Promise<Rehearsal> {
  const routes = concernedRoutes(door, request).map(({ config }) => config)
  const app = await RehearsalApp.build({ ...loaded, config: { ...loaded.config, routes } }, context)
  try {
    return await app.rehearse(request)
  } finally {
    await app.close()
  }
}

/** Whether the gateway still has the targets that the app has: discovery finds others in time. */
function isCurrent ({ targets }: Standing): boolean {
  for (const { upstream, at } of targets) if (upstream.targets !== at) return false
  return true
}
