/** What is sent to an upstream: method, path and header fields, made once per exchange for all its attempts. */

import type { GatewayApi } from '../../src/api.ts'
import { GatewayError } from '../../src/errors.ts'
import { compileTemplate, type Template, type TemplateScope } from '../../src/http/header-template.ts'
import { compilePathTemplate, stripPrefix } from '../../src/http/path-template.ts'
import { compileRequestHeaders, maxForwards } from '../../src/http/request-headers.ts'
import type { Route } from '../../src/route.ts'
import type { Outgoing } from '../../src/upstream/messages.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import type { HeaderRules } from './header-rules.ts'

/** Makes what is sent for an exchange. @throws GatewayError when it must not be sent */
export type Prepare = (exchange: Exchange) => Outgoing

/** Compiles the forwarding rules of a route. */
export function compileOutgoing (route: Route, gateway: GatewayApi): Prepare {
  const { config: { requestHeaders = {}, limits } } = route
  const { server } = gateway.config
  const upstream = gateway.upstreams.get(route.config.upstream ?? route.config.target ?? route.config.split![0]!.upstream)!
  const preserveHost = upstream.config.host === 'client'
  const headers = compileRequestHeaders({
    via: server.name,
    trusted: gateway.trusted ?? (() => false),
    preserveHost,
    forwarded: upstream.config.forwarded,
    // A field that the gateway sets may never come from the client, also where its value is absent this time.
    remove: [...gateway.ownedFields, ...requestHeaders.remove ?? [], ...Object.keys(requestHeaders.set ?? {})]
  })
  const replaced = compileReplaced(requestHeaders.set)
  const added = compileFields(requestHeaders.add)
  const path = compilePath(route)
  const bodyLimit = limits?.body ?? server.limits.body

  return exchange => {
    const { raw } = exchange
    if (Number(exchange.headers['content-length'] ?? 0) > bodyLimit || (exchange.body?.length ?? 0) > bodyLimit) throw new GatewayError('body-too-large')
    const set = replaced(exchange, gatewayFields(exchange))
    const fields = headers({
      rawHeaders: raw.rawHeaders,
      headers: exchange.headers,
      httpVersion: raw.httpVersion,
      remoteAddress: exchange.peer,
      encrypted: (raw.socket as { encrypted?: boolean }).encrypted === true,
      localPort: raw.socket.localPort ?? server.port,
      authority: exchange.authority,
      set
    })
    // Last, beside the client's own fields of these names.
    added(exchange, fields)
    return {
      method: exchange.method,
      path: path(exchange) + exchange.query,
      headers: fields,
      bodyLimit,
      hostPreserved: preserveHost
    }
  }
}

/** Fields of the gateway and of the policies on the way. */
function gatewayFields (exchange: Exchange): string[] {
  const fields = ['x-request-id', exchange.id]
  if (exchange.upstreamFields !== undefined) fields.push(...exchange.upstreamFields)
  const hops = maxForwards(exchange.method, exchange.headers)
  if (hops !== undefined) fields.push('max-forwards', String(hops))
  return fields
}

/** Compiles names and templates to what appends the fields that have a value. */
function compileFields (rules: HeaderRules['set'] = {}): (exchange: Exchange, fields: string[]) => void {
  const templates = Object.entries(rules).map(([name, text]): [string, Template] => [name, compileTemplate(text)])
  if (templates.length === 0) return () => {}
  return (exchange, fields) => {
    const scope = scopeOf(exchange)
    for (const [name, template] of templates) {
      const value = template.renderHeader(scope)
      if (value !== undefined) fields.push(name, value)
    }
  }
}

/** Compiles `requestHeaders.set` to what puts its fields in place of those that policies gave. */
function compileReplaced (rules: HeaderRules['set'] = {}): (exchange: Exchange, fields: string[]) => string[] {
  const names = new Set(Object.keys(rules).map(name => name.toLowerCase()))
  const write = compileFields(rules)
  return (exchange, fields) => {
    const kept = exchange.upstreamFields === undefined || names.size === 0 ? fields : without(fields, names)
    write(exchange, kept)
    return kept
  }
}

function without (fields: readonly string[], names: ReadonlySet<string>): string[] {
  return fields.filter((_text, index) => !names.has(fields[index - index % 2]!))
}

/** What templates read. */
export function scopeOf ({ request, match, headers, id, method, path, clientIp }: Exchange): TemplateScope {
  return {
    params: match!.params,
    claims: request!.claims ?? undefined,
    header: headers,
    query: request!.query as Record<string, unknown>,
    request: { id, method, path },
    client: { ip: clientIp }
  }
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
