/** Routing: finds the route of a request, and registers every route in Fastify behind its policies. */

import { setImmediate } from 'node:timers/promises'
import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from '#typebox'
import {
  Enum, type Exchange, type GatewayApi, GatewayError, inPieces, openScopes, type PluginConfig, type Route,
  routedMethod, type Steps
} from '../../../src/index.ts'
import { allowsServed, isPreflight, pathInterpretations } from '../../../src/http/index.ts'
import { sharedRoutesOf, type SharedRoute } from './shared-routes.ts'
import { checkRoutes } from './check.ts'
import { Matcher, type RequestView } from './matcher.ts'
import { definitions } from './definitions.ts'

const strict = { additionalProperties: false } as const

const ValueCondition = Type.Union([
  Type.String({ description: 'Exactly this value; `*` matches any value that is not empty.' }),
  Type.Object({ regex: Type.String({ description: 'A regular expression that must match the whole value.' }) }, strict),
  Type.Object({ present: Type.Boolean({ description: 'Whether it must be present (`true`) or absent (`false`).' }) }, strict)
], { expected: 'a text, { regex: … } or { present: true | false }' })

const conditions = {
  methods: Type.Optional(Type.Array(Type.String(), { description: 'Methods, in capitals; any unless set. A route for GET also serves ' +
    'HEAD.', examples: [['GET', 'POST']] })),
  host: Type.Optional(Type.Union([
    Type.String(),
    Type.Array(Type.String(), { minItems: 1 })
  ], { expected: 'a host name or a list of them',
    description: 'Host names, without port; `*.example.com` matches any subdomain of example.com.' })),
  headers: Type.Optional(Type.Record(Type.String(), ValueCondition, {
    description: 'Request headers that must all match.',
    examples: [{ 'x-version': 'v2' }]
  })),
  query: Type.Optional(Type.Record(Type.String(), ValueCondition, { description: 'Query parameters that must all match.' }))
}

const TrailingSlash = Enum(['strict', 'ignore', 'redirect'], { default: 'strict', description: 'Whether `/users/` differs from `/users`: ' +
  'with `strict` it does, with `ignore` it does not, with `redirect` the client is redirected (308) to the path that has a route.' })

declare module '../../../src/index.ts' {
  interface RouteConfig {
    readonly methods?: Static<typeof conditions.methods>
    readonly host?: Static<typeof conditions.host>
    readonly headers?: Static<typeof conditions.headers>
    readonly query?: Static<typeof conditions.query>
  }
  interface ServerConfig {
    readonly trailingSlash: Static<typeof TrailingSlash>
  }
}

export const config = {
  route: conditions,
  server: { trailingSlash: TrailingSlash },
  check: checkRoutes
} satisfies PluginConfig

async function routing (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  const { trailingSlash } = gateway.config.server
  const matcher = await inPieces(compileRoutes(gateway.routes, trailingSlash === 'ignore' ? 'ignore' : 'strict'))
  const chains = await inPieces(sharedRoutesOf(gateway.routes))
  const paths = await inPieces(pathsOf(chains))
  const preflighted = await inPieces(preflightedOf(gateway))
  const hasCalls = gateway.routes.some(({ config }) => config.grpc !== undefined)

  /**
   * The method that a request is matched by. A preflight is matched as the request that it announces, where
   * the route of that request handles preflights and no route matches OPTIONS itself.
   */
  function viewFor (exchange: Exchange): RequestView {
    if (preflighted.size === 0 || !isPreflight(exchange) || matcher.match(exchange).kind === 'route') return exchange
    const asked = { ...viewOf(exchange), method: String(exchange.headers['access-control-request-method']) }
    // The preflight does not say which media type the request will have. It may be a call of gRPC-Web.
    const calling = hasCalls ? { ...asked, headers: { ...asked.headers, 'content-type': 'application/grpc-web' } } : asked
    return isPreflighted(asked) ? asked : isPreflighted(calling) ? calling : exchange
  }

  function isPreflighted (asked: RequestView): boolean {
    const match = matcher.match(asked)
    return match.kind === 'route' && preflighted.has(match.value)
  }

  gateway.setRouter({
    resolve (exchange) {
      const view = viewFor(exchange)
      const match = matcher.match(view)
      if (match.kind !== 'route') return exchange.path === '*' ? '/*' : exchange.path + exchange.query
      if (isAmbiguous(matcher, view, match.value)) exchange.refusal = new GatewayError('ambiguous-path')
      exchange.match = match
      return paths[match.value.index]! + exchange.query
    },
    explain: exchange => matcher.explain(viewFor(exchange)).map(({ route, verdict, why }) => ({ route: route.value, verdict, why }))
  })

  app.setNotFoundHandler(({ exchange }, reply) => {
    const miss = exchange.path === '' ? undefined : matcher.match(exchange)
    if (trailingSlash === 'redirect' && miss?.kind === 'not-found') {
      const path = exchange.path.endsWith('/') ? exchange.path.slice(0, -1) : `${exchange.path}/`
      if (!path.startsWith('//') && matcher.match({ ...viewOf(exchange), path }).kind === 'route') {
        void reply.code(308).header('location', path + exchange.query).send()
        return
      }
    }
    if (exchange.method === 'OPTIONS' && (exchange.path === '*' || miss?.kind === 'method-not-allowed')) {
      void reply.code(204).header('allow', miss?.kind === 'method-not-allowed' ? allowed(miss.allow) : allowsServed).send()
      return
    }
    throw miss?.kind === 'method-not-allowed' ? new GatewayError('method-not-allowed', {
      headers: { allow: miss.allow.join(', ') }
    }) : new GatewayError('not-found')
  })

  await openScopes(app, await inPieces(groupByPolicies(chains)), async (scope, together) => {
    await gateway.applyPolicies(scope, together[0]!.route.policies)
    let added = 0
    for (const { path, route } of together) {
      scope.route({ method: routedMethod, url: path, handler: handlerOf(app, route), config: { route } })
      // Yields to the event loop, because requests are served during a reload.
      if (++added % 50 === 0) await setImmediate()
    }
  })
}

function * compileRoutes (routes: readonly Route[], trailingSlash: 'strict' | 'ignore'): Steps<Matcher<Route>> {
  return yield * Matcher.compile(yield * definitions(routes), { trailingSlash })
}

function handlerOf (app: FastifyInstance, route: Route): ReturnType<NonNullable<ReturnType<typeof app.gateway.routeHandlers.get>>> {
  for (const [key, create] of app.gateway.routeHandlers) {
    if ((route.config as unknown as Record<string, unknown>)[key] !== undefined) return create(route)
  }
  throw new Error(`no plugin handles the route ${route.name}`)
}

/** The path of each route in Fastify, by its position in the configuration. */
function * pathsOf (chains: readonly SharedRoute[]): Steps<string[]> {
  const paths: string[] = []
  for (const { path, routes } of chains) {
    for (const { index } of routes) paths[index] = path
    yield
  }
  return paths
}

/** The routes that respond to preflights. */
function * preflightedOf (gateway: GatewayApi): Steps<Set<Route>> {
  const found = new Set<Route>()
  for (const route of gateway.routes) {
    if (gateway.answersPreflight(route)) found.add(route)
    yield
  }
  return found
}

function * groupByPolicies (chains: readonly SharedRoute[]): Steps<SharedRoute[][]> {
  const groups = new Map<string, SharedRoute[]>()
  for (const chain of chains) {
    const key = JSON.stringify(chain.route.policies)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [chain])
    else group.push(chain)
    yield
  }
  return [...groups.values()]
}

/** Whether a service that interprets the path differently would serve another route's resource without the policies of that route. */
function isAmbiguous (matcher: Matcher<Route>, view: RequestView, route: Route): boolean {
  const others = pathInterpretations(view.path)
  if (others === undefined) return true
  for (const path of others) {
    const other = matcher.match({ ...viewOf(view), path })
    if (other.kind === 'route' && other.value !== route) return true
  }
  return false
}

function viewOf ({ method, path, query, host, headers }: RequestView): RequestView {
  return { method, path, query, host, headers }
}

function allowed (methods: readonly string[]): string {
  return [...new Set([...methods, 'OPTIONS'])].sort().join(', ')
}

export default fp(routing, { name: 'routing', fastify: '5.x' })
