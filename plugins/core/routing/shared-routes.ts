/** Groups the routes that share one Fastify route: those that differ only in what they match. */

import type { Route, Steps } from '../../../src/index.ts'

/** Keys of a route that have no effect after matching. */
const matched = new Set(['path', 'name', 'methods', 'host', 'headers', 'query'])

/** Routes whose requests go through the same hooks to the same handler. */
export interface SharedRoute {
  /** The path of the chain in Fastify. It contains a control byte, which no client can send. */
  readonly path: string
  readonly routes: readonly Route[]
  /** The first route. The others are identical in everything after matching. */
  readonly route: Route
}

/**
 * Groups the routes that differ only in their name and in the paths, methods, hosts, header fields and query parameters
 * that they match. So the hooks and the handler of ten thousand routes to one service are built once and share the
 * processor's caches.
 */
export function * sharedRoutesOf (routes: readonly Route[]): Steps<SharedRoute[]> {
  const alike = new Map<string, Route[]>()
  for (const route of routes) {
    const kind = JSON.stringify([Object.entries(route.config).filter(([key]) => !matched.has(key)), route.policies])
    const known = alike.get(kind)
    if (known === undefined) alike.set(kind, [route])
    else known.push(route)
    yield
  }
  return Array.from(alike.values(), (routes, index) => ({ path: `/\0${index}`, routes, route: routes[0]! }))
}
