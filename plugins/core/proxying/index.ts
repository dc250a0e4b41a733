/** Proxying: routes with an upstream are sent through reply-from, which is given the attempt loop to send with. */

import replyFrom, { type FastifyReplyFromHooks } from '@fastify/reply-from'
import fp from 'fastify-plugin'
import type { FastifyInstance, FastifyReply, FastifyRequest, RouteHandlerMethod } from 'fastify'
import Type from '#typebox'
import { Enum, type Exchange, type GatewayApi, type PluginConfig, type Route, Size } from '../../../src/index.ts'
import { maxForwards } from '../../../src/http/index.ts'
import { createClient, prepareRetries, receive, selectFirst } from '../../../src/transport/index.ts'
import * as replyFromExchange from '../../../src/internals/reply-from-exchange.ts'
import { addCapGate } from './cap.ts'
import { checkProxying } from './check.ts'
import { HeaderRulesSchema, QueryRulesSchema, type HeaderRules } from './header-rules.ts'
import { passInterim } from './interim.ts'
import { compileOutgoing } from './outgoing.ts'
import { compileRewriteHeaders } from './response-headers.ts'
import { compileSend } from './send.ts'
import { compileSplit } from './split.ts'
import { compileAdmission } from './websocket.ts'
import { WebSocketSchema, type WebSocketConfig } from './websocket-options.ts'

const strict = { additionalProperties: false } as const

const routeKeys = {
  stripPrefix: Type.Optional(Type.String({
    pattern: '^/',
    description: 'Segments that are taken off the front of the path before it is forwarded.',
    examples: ['/api']
  })),
  rewrite: Type.Optional(Type.String({
    pattern: '^/',
    description: 'The path that is forwarded instead; `${params.id}` keeps the bytes of the parameter, `${params.*}` is what the ' +
      'wildcard took.',
    examples: ['/v2/users/${params.id}']
  })),
  requestHeaders: Type.Optional(HeaderRulesSchema),
  requestQuery: Type.Optional(QueryRulesSchema),
  responseHeaders: Type.Optional(HeaderRulesSchema),
  limits: Type.Optional(Type.Object(
    { body: Size({ description: 'Largest request body of this route, instead of `server.limits.body`.' }) },
    { ...strict, description: 'Limits of this route.' }
  )),
  websocket: WebSocketSchema
}

const upstreamKeys = {
  host: Type.String({
    default: 'target',
    minLength: 1,
    description: 'Which Host the targets see: `target` is their own, `client` the one that the client asked for; anything else is sent ' +
      'as it is written.',
    examples: ['client', 'shop.internal', 'shop.internal:8443']
  }),
  forwarded: Type.Boolean({ default: false, description: 'Whether Forwarded (RFC 7239) is sent beside X-Forwarded-*.' })
}

declare module '../../../src/index.ts' {
  interface RouteConfig {
    readonly stripPrefix?: string
    readonly rewrite?: string
    readonly requestHeaders?: HeaderRules
    readonly requestQuery?: HeaderRules
    readonly responseHeaders?: HeaderRules
    readonly limits?: { readonly body: number }
    readonly websocket: WebSocketConfig
  }
  interface ServerConfig {
    readonly underscores: 'drop' | 'keep' | 'refuse'
  }
  interface UpstreamConfig {
    readonly host: string
    readonly forwarded: boolean
  }
}

const serverKeys = {
  underscores: Enum(['drop', 'keep', 'refuse'], {
    default: 'drop',
    description: 'What becomes of request fields with `_` in their name, which some services read as `-`: left out, passed on (but ' +
      'never where that would be another spelling of a field that clients cannot send), or refused with a 400.'
  })
}

export const config = {
  route: routeKeys,
  server: serverKeys,
  upstream: upstreamKeys,
  answers: ['upstream', 'target', 'split'],
  check: checkProxying
} satisfies PluginConfig

async function proxying (app: FastifyInstance): Promise<void> {
  const { gateway } = app
  await app.register(replyFrom, {
    // Balancing, retries and timeouts are behind this.
    undici: createClient(gateway.clock, gateway.random, passInterim),
    // Paths are not its business, so one URL per target is all it ever sees.
    cacheURLs: 1024,
    disableRequestLogging: true
  })
  for (const upstream of gateway.upstreams.values()) {
    addCapGate(upstream, gateway.threads)
    const { budget } = prepareRetries(upstream, gateway)
    upstream.descriptions.set('retries', () => ({ attempts: upstream.config.retry.attempts, ...budget.state }))
    if (upstream.fallback !== undefined) upstream.descriptions.set('fallback', () => upstream.fallback!.upstream.name)
  }

  const handler = (route: Route): RouteHandlerMethod => {
    const prepare = compileOutgoing(route, gateway)
    const choose = compileSplit(route, gateway)
    const admit = compileAdmission(route, gateway)
    const options = replyFromOptions(route, gateway)
    // All that is decided is decided here, for rehearsals too; only sending is left out of them.
    const forward = gateway.rehearsal ? rehearseSending(gateway) : sendTo(options)
    return ({ exchange }, reply) => {
      if (maxForwards(exchange.method, exchange.headers) === 'answer') {
        void reply.code(204).send()
        return
      }
      if (exchange.isTunnel) admit(exchange)
      exchange.upstream = choose(exchange)
      exchange.prepare = prepare
      exchange.outgoing = prepare(exchange)
      forward(exchange, reply)
    }
  }
  for (const key of config.answers) gateway.addRouteHandler(key, handler)
}

function rehearseSending ({ clock }: GatewayApi): (exchange: Exchange, reply: FastifyReply) => void {
  return (exchange, reply) => {
    selectFirst(exchange, clock.now())
    void reply.code(exchange.isTunnel ? 101 : 200).send()
  }
}

function sendTo (options: FastifyReplyFromHooks): (exchange: Exchange, reply: FastifyReply) => void {
  return (exchange, reply) => {
    if (!exchange.hasBody || exchange.body !== undefined) {
      reply.from('/', options)
      return
    }
    receive(exchange, exchange.upstream!, exchange.outgoing!.bodyLimit, error => {
      if (exchange.over) return
      try {
        if (error !== undefined) throw error
        reply.from('/', options)
      } catch (error) {
        void reply.send(error)
      }
    })
  }
}

function replyFromOptions (route: Route, gateway: FastifyInstance['gateway']): FastifyReplyFromHooks {
  return {
    // First attempts and retries come through one and the same select().
    getUpstream: (({ exchange }: FastifyRequest) => selectFirst(exchange, gateway.clock.now()).target.origin) as never,
    // What is sent has been made ready; the loop finds it, and everything else, through the exchange.
    rewriteRequestHeaders: replyFromExchange.carry,
    rewriteHeaders: compileRewriteHeaders(route, gateway.config.server.name) as never,
    onResponse: compileSend(route, gateway.responsePipeline(route)) as never,
    // Its own retries would send a GET whose response is 503 ten more times.
    retryDelay: () => null
  }
}

export default fp(proxying, { name: 'proxying', fastify: '5.x' })
