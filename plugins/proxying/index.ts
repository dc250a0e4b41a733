/** Proxying: routes with an upstream are sent through reply-from, which is given the attempt loop to send with. */

import replyFrom, { type FastifyReplyFromHooks } from '@fastify/reply-from'
import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyRequest, RouteHandlerMethod } from 'fastify'
import Type from 'typebox'
import type { PluginConfig } from '../../src/api.ts'
import { Enum, Size } from '../../src/config/units.ts'
import { maxForwards } from '../../src/http/request-headers.ts'
import type { Route } from '../../src/route.ts'
import { createClient } from '../../src/upstream/client.ts'
import { exchangeKey } from '../../src/upstream/exchange.ts'
import { prepareRetries } from '../../src/upstream/retry.ts'
import { addCapGate } from './cap.ts'
import { checkProxying } from './check.ts'
import { HeaderRulesSchema, type HeaderRules } from './header-rules.ts'
import { compileOutgoing } from './outgoing.ts'
import { compileRewriteHeaders } from './response-headers.ts'
import { send } from './send.ts'
import { compileSplit } from './split.ts'

const strict = { additionalProperties: false } as const

const routeKeys = {
  stripPrefix: Type.Optional(Type.String({ pattern: '^/', description: 'Segments that are taken off the front of the path before it is forwarded.', examples: ['/api'] })),
  rewrite: Type.Optional(Type.String({ pattern: '^/', description: 'The path that is forwarded instead; `${params.id}` keeps the bytes of the parameter, `${params.*}` is what the wildcard took.', examples: ['/v2/users/${params.id}'] })),
  requestHeaders: Type.Optional(HeaderRulesSchema),
  responseHeaders: Type.Optional(HeaderRulesSchema),
  limits: Type.Optional(Type.Object({ body: Size({ description: 'Largest request body of this route, instead of `server.limits.body`.' }) }, { ...strict, description: 'Limits of this route.' }))
}

const upstreamKeys = {
  host: Enum(['target', 'client'], { default: 'target', description: 'Which Host the targets see: their own, or the one the client asked for.' }),
  forwarded: Type.Boolean({ default: false, description: 'Whether Forwarded (RFC 7239) is sent beside X-Forwarded-*.' })
}

declare module '../../src/config/types.ts' {
  interface RouteConfig {
    readonly stripPrefix?: string
    readonly rewrite?: string
    readonly requestHeaders?: HeaderRules
    readonly responseHeaders?: HeaderRules
    readonly limits?: { readonly body: number }
  }
  interface UpstreamConfig {
    readonly host: 'target' | 'client'
    readonly forwarded: boolean
  }
}

export const config = {
  route: routeKeys,
  upstream: upstreamKeys,
  answers: ['upstream', 'target', 'split'],
  check: checkProxying
} satisfies PluginConfig

async function proxying (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  await app.register(replyFrom, {
    // Any object with `request` is taken, and that is the whole seam: balancing, retries and timeouts live behind it.
    undici: createClient(gateway.clock, gateway.random) as never,
    // Paths are not its business, so one URL per target is all it ever sees.
    cacheURLs: 1024,
    disableRequestLogging: true
  })
  for (const upstream of gateway.upstreams.values()) {
    addCapGate(upstream)
    const { budget } = prepareRetries(upstream, gateway.leases)
    upstream.descriptions.set('retries', () => budget.state)
  }

  const handler = (route: Route): RouteHandlerMethod => {
    const prepare = compileOutgoing(route, gateway)
    const choose = compileSplit(route, gateway)
    if (gateway.rehearsal) {
      return ({ exchange }, reply) => {
        exchange.upstream = choose(exchange)
        exchange.outgoing = prepare(exchange)
        exchange.upstream.select(exchange, gateway.clock.now())
        void reply.code(200).send()
      }
    }
    const options = replyFromOptions(route, gateway)
    return ({ exchange }, reply) => {
      if (maxForwards(exchange.method, exchange.headers) === 'answer') {
        void reply.code(204).send()
        return
      }
      exchange.upstream = choose(exchange)
      exchange.outgoing = prepare(exchange)
      reply.from('/', options)
    }
  }
  for (const key of config.answers) gateway.addRouteHandler(key, handler)
}

function replyFromOptions (route: Route, gateway: FastifyInstance['gateway']): FastifyReplyFromHooks {
  return {
    // First attempts and retries come through one and the same select().
    getUpstream: (({ exchange }: FastifyRequest) => exchange.upstream!.select(exchange, gateway.clock.now()).target.origin) as never,
    // What is sent has been made ready; the loop finds it, and everything else, through the exchange.
    rewriteRequestHeaders: (({ exchange }: FastifyRequest) => ({ [exchangeKey]: exchange })) as never,
    rewriteHeaders: compileRewriteHeaders(route, gateway.config.server.name) as never,
    onResponse: send as never,
    // Its own retries would send a GET that was answered 503 ten more times.
    retryDelay: () => null
  }
}

export default fp(proxying, { name: 'proxying', fastify: '5.x' })
