/** What the plugins that are not built in have added to an app: routes, and whether a policy does anything at all. */

import type { RouteOptions } from 'fastify'
import type { PluginRoute } from '../contract/plugin-route.ts'
import { ConfigError, type Problem } from '../config/check/problem.ts'

/** A place that lists a plugin, and the policies around what it adds there. */
export interface Listing {
  readonly plugin: string
  /** Undefined where it is in the list `plugins`. */
  readonly policy: string | undefined
  readonly pointer: string
  readonly policies: readonly string[]
}

export class PluginAdditions {
  readonly routes: PluginRoute[] = []
  /** The plugin that is being registered, unless it is built in. */
  current: Listing | undefined
  /** Policies by their place, and whether they have added something. */
  readonly #policies = new Map<string, boolean>()

  /** A plugin is about to be registered. */
  listed ({ policy, pointer }: Listing): void {
    if (policy !== undefined && !this.#policies.has(pointer)) this.#policies.set(pointer, false)
  }

  /** It has added something that takes part in requests. */
  added ({ policy, pointer }: Listing): void {
    if (policy !== undefined) this.#policies.set(pointer, true)
  }

  /** It has added a route. */
  addedRoute (listing: Listing, methods: readonly string[], path: string, config: RouteOptions['config']): PluginRoute {
    this.added(listing)
    const { plugin, pointer, policies } = listing
    const route = { plugin, methods, path, policies, pointer, public: config?.public === true }
    this.routes.push(route)
    return route
  }

  /**
   * Checks that no route of a plugin is open by accident.
   * @throws ConfigError
   */
  checkRoutes (authenticates: (policy: string) => boolean): void {
    const open = this.routes.filter(route => !route.public && !route.policies.some(authenticates))
    if (open.length === 0) return
    throw new ConfigError(open.map(({ plugin, methods, path, pointer }) => ({
      severity: 'error',
      pointer,
      at: 'key',
      message: `plugin "${plugin}" adds the route ${methods.join(',') || 'any method of'} ${path}, and no policy authenticates its clients`,
      hint: 'list one in server.policies, or give the route config: { public: true } in the plugin'
    })))
  }

  /** A warning for each policy that does nothing. */
  get warnings (): Problem[] {
    return [...this.#policies].filter(([, added]) => !added).map(([pointer]) => ({
      severity: 'warning',
      pointer,
      at: 'key',
      message: 'this policy adds no hook to its routes, so it does nothing to their requests and responses',
      hint: 'it may add functions for handlers, or parse bodies, which the gateway passes on unread: call what it adds in a plugin of yours'
    }))
  }
}
