/** Which routes are one to Fastify. */

import type { Route, Steps } from '../../../src/index.ts'

/** Keys of a route that are of no more interest when it has been found. */
const matched = new Set(['path', 'name', 'methods', 'host', 'headers', 'query'])

/** Routes whose requests go through the same hooks to the same handler. */
export interface SharedRoute {
  /** Of the chain in Fastify. No client can write a control byte, so no client can ask for one by this name. */
  readonly path: string
  readonly routes: readonly Route[]
  /** The first one; the others are like it in all that comes after matching. */
  readonly route: Route
}

/**
 * Gathers the routes that differ only in their name and in which paths, methods, hosts, fields and queries they want. The hooks and the handler of ten thousand routes to one
 * service are built once, and what they run stays in the processor's caches.
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
