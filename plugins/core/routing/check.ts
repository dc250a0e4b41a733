/** Checks routes: reports their problems, and those that no request can reach. */

import type { Config, Report, RouteConfig, Steps } from '../../../src/index.ts'
import { child, nearest } from '../../../src/config/index.ts'
import { nodeHttp } from '../../../src/http/index.ts'
import { conditionProblems } from './conditions.ts'
import { conditionsOf } from './definitions.ts'
import type { RouteDefinition } from './matcher.ts'
import { parsePattern } from './pattern.ts'
import { findShadowedInSteps, type Shadowed } from './shadow.ts'

/** Reports malformed paths and conditions as errors, unreachable routes as warnings. */
export function * checkRoutes (config: Config, report: Report): Steps<void> {
  const sound: RouteDefinition<RouteConfig>[] = []
  for (const [index, route] of config.routes.entries()) {
    const definition = checkRoute(route, index, report)
    if (definition !== undefined) sound.push(definition)
    yield
  }
  const trailingSlash = config.server.trailingSlash === 'ignore' ? 'ignore' : 'strict'
  for (const shadowed of yield * findShadowedInSteps(sound, { trailingSlash })) {
    report({ pointer: child('/routes', shadowed.route.order), severity: 'warning', message: describe(shadowed) })
  }
}

function checkRoute (route: RouteConfig, index: number, report: Report): RouteDefinition<RouteConfig> | undefined {
  const pointer = child('/routes', index)
  const path = parsePattern(route.path)
  if ('error' in path) report({ pointer: child(pointer, 'path'), message: path.error, ...hint(path.hint) })
  const conditions = conditionsOf(route)
  const problems = conditionProblems(conditions)
  for (const problem of problems) {
    // A single host may be written without a list.
    const steps = problem.path[0] === 'host' && typeof route.host === 'string' ? ['host'] : problem.path
    report({ pointer: steps.reduce<string>(child, pointer), message: problem.error, ...hint(problem.hint) })
  }
  const unknown = unknownMethods(route.methods ?? [])
  for (const [place, method] of unknown) {
    const near = nearest(method, nodeHttp.METHODS)
    report({
      pointer: child(child(pointer, 'methods'), place),
      message: `unknown method "${method}"`,
      ...hint(near === undefined ? undefined : `did you mean "${near}"?`)
    })
  }
  if ('error' in path || problems.length > 0 || unknown.length > 0) return undefined
  return { path, conditions, order: index, value: route }
}

/** Methods that Node cannot parse, or that a gateway must not forward. */
function unknownMethods (methods: readonly string[]): [number, string][] {
  return [...methods.entries()].filter(
    ([, method]) => method === method.toUpperCase() && (!nodeHttp.METHODS.includes(method) || method === 'CONNECT' || method === 'TRACE')
  )
}

function describe ({ route, by, duplicate, witness }: Shadowed<RouteConfig>): string {
  const others = by.map(({ value, order }) => `${value.name ?? value.path} (route ${order + 1})`).join(' and ')
  const seen = witness === undefined ? '' : `; ${witness.method} ${witness.path}${witness.query} goes there`
  return duplicate
    ? `route ${route.value.name ?? route.value.path} is the same as ${others} and is never reached${seen}`
    : `route ${route.value.name ?? route.value.path} is never reached: ${others} comes first${seen}`
}

function hint (text: string | undefined): { hint?: string } {
  return text === undefined ? {} : { hint: text }
}
