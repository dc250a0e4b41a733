/** What becomes of the fields of an upstream's answer on their way to the client. */

import type { FastifyRequest } from 'fastify'
import { compileTemplate, type Template } from '../../src/http/header-template.ts'
import { stripResponseHeaders, type ResponseHeaders } from '../../src/http/response-headers.ts'
import type { Route } from '../../src/route.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import type { Target } from '../../src/upstream/target.ts'
import { scopeOf } from './scope.ts'

/** A step of reply-from: which fields the client sees. */
export type RewriteHeaders = (headers: ResponseHeaders, request: FastifyRequest) => ResponseHeaders

/** Compiles the response rules of a route. `via` is the gateway's pseudonym. */
export function compileRewriteHeaders ({ config: { responseHeaders = {}, stripPrefix = '' } }: Route, via: string): RewriteHeaders {
  const removed = (responseHeaders.remove ?? []).map(name => name.toLowerCase())
  const set = compileRules(responseHeaders.set)
  const added = compileRules(responseHeaders.add)
  const viaField = `1.1 ${via}`

  return (headers, { exchange }) => {
    const fields = stripResponseHeaders(headers)
    fields['via'] = fields['via'] === undefined ? viaField : `${String(fields['via'])}, ${viaField}`
    // The id in the answer is the one in our log, whatever the upstream says.
    delete fields['x-request-id']
    // Fastify cannot read a repeated one; the last counts, as it does in a browser.
    if (Array.isArray(fields['content-type'])) fields['content-type'] = fields['content-type'].at(-1)!
    for (const name of locations) {
      if (fields[name] !== undefined) fields[name] = outsideLocation(String(fields[name]), exchange.attempt!.target, stripPrefix)
    }
    for (const name of removed) delete fields[name]
    if (set.length > 0 || added.length > 0) applyRules(fields, set, added, exchange)
    return fields
  }
}

const locations = ['location', 'content-location'] as const

/** A Location that names the target is one that only the gateway can follow: the client gets the path by which it reaches the same thing. */
function outsideLocation (location: string, target: Target, prefix: string): string {
  // Not its URL: a target that was found by name speaks of the name, and is reached by its address.
  const url = target.origin + target.basePath
  if (!location.startsWith(url)) return location
  const rest = location.slice(url.length)
  if (rest === '') return `${prefix}/`
  return /^[/?#]/.test(rest) ? prefix + (rest.startsWith('/') ? rest : `/${rest}`) : location
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
