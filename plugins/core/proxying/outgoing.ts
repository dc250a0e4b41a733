/** What is sent to an upstream: method, path and header fields, made once per exchange for all its attempts. */

import { type Exchange, type GatewayApi, GatewayError, type Route, type UpstreamIdentity, upstreamsOf } from '../../../src/index.ts'
import {
  compilePathTemplate, compileRequestHeaders, compileRequestTrailers, type ForwardingInput, type ForwardingOptions, maxForwards, stripPrefix
} from '../../../src/http/index.ts'
import type { Outgoing } from '../../../src/transport/index.ts'
import { compileHeaderRules } from './request-rules.ts'
import { compileQueryRules } from './query-rules.ts'

/** Makes what is sent for an exchange. @throws GatewayError when it must not be sent */
export type Prepare = (exchange: Exchange) => Outgoing

/** Compiles the forwarding rules of a route. The exchange has its upstream by then. */
export function compileOutgoing (route: Route, gateway: GatewayApi): Prepare {
  const { config: { requestHeaders = {}, limits, stripPrefix: prefix } } = route
  const fieldsOf = compileByUpstream(route, gateway)
  const applyRules = compileHeaderRules(requestHeaders, gateway)
  const path = compilePath(route)
  const query = compileQueryRules(route.config.requestQuery)
  const ownPort = gateway.config.listeners[0]!.port ?? gateway.config.server.port
  // A stream of gRPC has no end. Services limit single messages.
  const bodyLimit = limits?.body ?? (route.config.grpc === undefined ? gateway.config.server.limits.body : Infinity)

  return exchange => {
    const { client } = exchange
    if (Number(exchange.headers['content-length'] ?? 0) > bodyLimit || (exchange.body?.length ?? 0) > bodyLimit) {
      throw new GatewayError('body-too-large')
    }
    const outgoingPath = path(exchange)
    const fields = fieldsOf(exchange)
    const headers = fields.headers({
      rawHeaders: exchange.fields.list,
      headers: exchange.headers,
      httpVersion: exchange.httpVersion,
      remoteAddress: client.address,
      encrypted: client.tls !== undefined,
      localPort: client.localPort ?? ownPort,
      authority: exchange.authority,
      prefix: prefix !== undefined && outgoingPath !== exchange.path ? prefix : undefined,
      set: gatewayFields(exchange)
    })
    applyRules(exchange, headers)
    return {
      method: exchange.method,
      path: outgoingPath + query(exchange),
      headers,
      trailers: fields.trailers,
      bodyLimit,
      hostPreserved: exchange.upstream!.config.host !== 'target',
      withheld: applyRules.withheld
    }
  }
}

interface Fields {
  readonly headers: (input: ForwardingInput) => string[]
  readonly trailers: Outgoing['trailers']
}

/** What is a setting of the upstream is compiled for each that may serve the route. */
function compileByUpstream ({ config }: Route, gateway: GatewayApi): (exchange: Exchange) => Fields {
  const { server } = gateway.config
  const { set = {}, remove = [] } = config.requestHeaders ?? {}
  const compiled = new Map(Array.from(upstreamsOf(config, gateway.upstreams), (upstream): [UpstreamIdentity, Fields] => {
    const { host, forwarded, timeouts } = upstream.config
    const options: ForwardingOptions = {
      via: server.name,
      trusted: gateway.trusted ?? (() => false),
      host,
      forwarded,
      underscores: server.underscores === 'keep',
      origin: server.clientIpHeader === undefined ? [] : [server.clientIpHeader],
      // A field that the gateway sets may never come from the client, also where its value is absent this time.
      remove: [
        ...gateway.ownedFields,
        ...timeouts.header === undefined ? [] : [timeouts.header],
        ...config.stripPrefix === undefined ? [] : ['x-forwarded-prefix'],
        ...remove,
        ...Object.keys(set)
      ]
    }
    return [upstream, { headers: compileRequestHeaders(options), trailers: compileRequestTrailers(options) }]
  }))
  if (compiled.size > 1) return exchange => compiled.get(exchange.upstream!)!
  const [only] = compiled.values()
  return () => only!
}

/** Fields of the gateway and of the policies on the way. */
function gatewayFields (exchange: Exchange): string[] {
  const fields = ['x-request-id', exchange.id]
  if (exchange.upstreamFields !== undefined) fields.push(...exchange.upstreamFields)
  const hops = maxForwards(exchange.method, exchange.headers)
  if (hops !== undefined) fields.push('max-forwards', String(hops))
  return fields
}

function compilePath ({ config: { stripPrefix: prefix, rewrite } }: Route): (exchange: Exchange) => string {
  if (rewrite !== undefined) {
    const render = compilePathTemplate(rewrite)
    return exchange => {
      const path = render(exchange.match!.rawParams())
      // A parameter that would climb out of its segment.
      if (path === undefined) throw new GatewayError('bad-target')
      return path
    }
  }
  if (prefix !== undefined) return exchange => stripPrefix(exchange.path, prefix)
  return exchange => exchange.path
}
