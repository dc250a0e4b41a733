/** Rewrites the header fields of an upstream's response for the client. */

import type { FastifyRequest } from 'fastify'
import { compileTemplate, type Exchange, type Route, type Template } from '../../../src/index.ts'
import { readHost, type ResponseHeaders, stripPrefix, stripResponseHeaders, viaProtocol } from '../../../src/http/index.ts'
import { outsideCookie, outsideLocation, type Passage } from './public-location.ts'
import { scopeOf } from './scope.ts'

/** A step of reply-from: which fields the client sees. */
export type RewriteHeaders = (headers: ResponseHeaders, request: FastifyRequest) => ResponseHeaders

/** Compiles the response rules of a route. `via` is the gateway's pseudonym. */
export function compileRewriteHeaders ({ config: { responseHeaders = {}, stripPrefix: prefix } }: Route, via: string): RewriteHeaders {
  const removed = (responseHeaders.remove ?? []).map(name => name.toLowerCase())
  const set = compileRules(responseHeaders.set)
  const added = compileRules(responseHeaders.add)
  const [via1, via2] = [`${viaProtocol('1.1')} ${via}`, `${viaProtocol('2.0')} ${via}`]

  return (headers, { exchange }) => {
    const fields = stripResponseHeaders(headers)
    const viaField = exchange.upstream!.config.protocol === 'http1' ? via1 : via2
    fields['via'] = fields['via'] === undefined ? viaField : `${String(fields['via'])}, ${viaField}`
    // The id in the response is the one in our log, whatever the upstream sends.
    delete fields['x-request-id']
    // Fastify cannot read a repeated one; the last counts, as it does in a browser.
    if (Array.isArray(fields['content-type'])) fields['content-type'] = fields['content-type'].at(-1)!
    for (const name of locations) {
      if (fields[name] !== undefined) fields[name] = outsideLocation(String(fields[name]), passageOf(exchange, prefix))
    }
    const cookies = fields['set-cookie']
    if (cookies !== undefined) {
      const passage = passageOf(exchange, prefix)
      fields['set-cookie'] = typeof cookies === 'string'
        ? outsideCookie(cookies, passage)
        : cookies.map(cookie => outsideCookie(cookie, passage))
    }
    for (const name of removed) delete fields[name]
    if (set.length > 0 || added.length > 0) applyRules(fields, set, added, exchange)
    return fields
  }
}

const locations = ['location', 'content-location'] as const

/** How the request of a response was sent to its target. */
function passageOf (exchange: Exchange, prefix: string | undefined): Passage {
  const { target } = exchange.attempt!
  const { host } = exchange.upstream!.config
  const named = host === 'target' || host === 'client' ? undefined : host.toLowerCase()
  const taken = prefix !== undefined && stripPrefix(exchange.path, prefix) !== exchange.path
  return {
    // Not its URL: a target that was found by name speaks of the name, and is reached by its address.
    own: [target.origin, ...named === undefined ? [] : [`http://${named}`, `https://${named}`]],
    ownNames: [target.serverName, ...named === undefined ? [] : [readHost(named)!]],
    clientHost: toldHost(exchange),
    basePath: target.basePath.replace(/\/$/, ''),
    prefix: taken ? prefix.replace(/\/$/, '') : ''
  }
}

/** The host that the service was told its client asked for, which may be what a proxy in front says. */
function toldHost ({ outgoing, authority, headers }: Exchange): string | undefined {
  const fields = outgoing!.headers
  const at = fields.findIndex((text, index) => index % 2 === 0 && text === 'x-forwarded-host')
  return at === -1 ? authority ?? headers.host : fields[at + 1]
}

type Rule = readonly [name: string, value: Template]

function compileRules (rules: Readonly<Record<string, string>> = {}): Rule[] {
  return Object.entries(rules).map(([name, text]) => [name.toLowerCase(), compileTemplate(text)])
}

function applyRules (fields: ResponseHeaders, set: readonly Rule[], added: readonly Rule[], exchange: Exchange): void {
  const scope = scopeOf(exchange)
  for (const [name, template] of set) {
    const value = template.renderHeader(scope)
    if (value === undefined) delete fields[name]
    else fields[name] = value
  }
  for (const [name, template] of added) {
    const value = template.renderHeader(scope)
    if (value === undefined) continue
    const there = fields[name]
    fields[name] = there === undefined ? value : [...Array.isArray(there) ? there : [there], value]
  }
}
