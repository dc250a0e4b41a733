/** What the routing plugin offers to the gateway, and what plugins that serve routes offer to it. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RouteHandlerMethod } from 'fastify'
import type { Exchange } from './exchange.ts'
import type { Route } from './route.ts'

/**
 * Makes the handler of a route from the route's key that it answers for. Routes that differ only in their name and in
 * which paths, hosts, fields and queries they want have one handler, made from the first of them; `exchange.route` is
 * the one that was matched.
 */
export type RouteHandlerFactory = (route: Route) => RouteHandlerMethod

/** A handler in front of routing, for paths without policies, metrics and access log. */
export type ReservedHandler = (request: IncomingMessage, response: ServerResponse) => void

/** Finds the route of an exchange. */
export interface Router {
  /**
   * Sets `exchange.match` where a route fits. Returns the path of its route in Fastify, which is registered under `routedMethod`.
   */
  resolve (exchange: Exchange): string
  /** All routes whose path fits, in order of precedence. */
  explain (exchange: Exchange): readonly RouteCandidate[]
}

/** A route that was considered, and what became of it. */
export interface RouteCandidate {
  readonly route: Route
  readonly verdict: 'chosen' | 'lost'
  readonly why: string
}
