/** Converts the configured routes to the input of the matcher. */

import type { Route, RouteConfig, Steps } from '../../../src/index.ts'
import type { Conditions } from './conditions.ts'
import type { RouteDefinition } from './matcher.ts'
import { parsePattern, type Pattern } from './pattern.ts'

/** Routes that {@link checkRoutes} has accepted. */
export function * definitions (routes: readonly Route[]): Steps<RouteDefinition<Route>[]> {
  const all: RouteDefinition<Route>[] = []
  for (const route of routes) {
    all.push({ path: parsePattern(route.pattern) as Pattern, conditions: conditionsOf(route.config), order: route.index, value: route })
    yield
  }
  return all
}

/** The conditions of a route besides its path. */
export function conditionsOf ({ methods, host, headers, query }: RouteConfig): Conditions {
  return {
    ...(methods === undefined ? {} : { methods }),
    ...(host === undefined ? {} : { host: typeof host === 'string' ? [host] : host }),
    ...(headers === undefined ? {} : { headers }),
    ...(query === undefined ? {} : { query })
  }
}
