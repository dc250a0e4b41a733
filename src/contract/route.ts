/** A route: which requests it matches, what serves them, and its policies. */

import type { Config, RouteConfig } from '../config/types.ts'

/**
 * The method of every route in Fastify. The router has already matched the method of the request; matching it again
 * could give another result.
 */
export const routedMethod = 'GET'

export interface Route {
  /** Place in the file, over all files. */
  readonly index: number
  /** `name` of the file, or else the path pattern: the `route` label of logs and metrics. */
  readonly name: string
  /** Path pattern as written, such as `/users/:id`. */
  readonly pattern: string
  /** All keys of the route, defaults filled in, durations in milliseconds. */
  readonly config: RouteConfig
  /** Names of its policies in running order, without those of the server. */
  readonly policies: readonly string[]
}

/** The routes of a configuration, in file order. */
export function readRoutes (config: Config): readonly Route[] {
  return config.routes.map((route, index) => ({
    index,
    name: route.name ?? route.path,
    pattern: route.path,
    config: route,
    // A policy of the server does not run, and count, a second time.
    policies: route.policies.filter(name => !config.server.policies.includes(name))
  }))
}
