/** What becomes of an upstream's answer on its way to the client. */

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { compileTemplate, type Template } from '../../src/http/header-template.ts'
import { stripResponseHeaders, type ResponseHeaders } from '../../src/http/response-headers.ts'
import type { Route } from '../../src/route.ts'
import type { ClientResponse } from '../../src/upstream/messages.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import type { Target } from '../../src/upstream/target.ts'
import { scopeOf } from './outgoing.ts'

/** The last two steps of reply-from: which fields the client sees, and how the body is sent. */
export interface Forward {
  readonly rewriteHeaders: (headers: ResponseHeaders, request: FastifyRequest) => ResponseHeaders
  readonly send: (request: FastifyRequest, reply: FastifyReply, response: { readonly stream: ClientResponse['body'] }) => void
}

/** Compiles the response rules of a route. `via` is the gateway's pseudonym. */
export function forward ({ config: { responseHeaders = {}, stripPrefix = '' } }: Route, via: string): Forward {
  const removed = (responseHeaders.remove ?? []).map(name => name.toLowerCase())
  const set = compileRules(responseHeaders.set)
  const added = compileRules(responseHeaders.add)
  const viaField = `1.1 ${via}`

  return {
    rewriteHeaders (headers, { exchange }) {
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
    },

    send ({ exchange }, reply, { stream: body }) {
      if (String(exchange.headers.te ?? '').includes('trailers') && !reply.hasHeader('content-length')) {
        sendWithTrailers(reply, exchange, body)
        return
      }
      // Fastify gives a Buffer a type where it finds none that it understands; what the upstream said, or left out, stays.
      if (Buffer.isBuffer(body) && !mediaType.test(String(reply.getHeader('content-type')))) void reply.send(Readable.from([body]))
      else void reply.send(body)
    }
  }
}

/** RFC 9110 §8.3.1, as far as Fastify reads it. */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

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

/** Trailer fields that could change what the message means (RFC 9110 §6.5.1). */
const forbiddenTrailers = new Set(['content-length', 'transfer-encoding', 'host', 'content-encoding', 'content-type', 'content-range', 'trailer', 'set-cookie', 'connection'])

/** For a client that said it understands trailers: what the upstream sent after its body goes on after ours. */
function sendWithTrailers (reply: FastifyReply, exchange: Exchange, body: ClientResponse['body']): void {
  const stream = body instanceof Readable ? body : Readable.from(body === undefined ? [] : [body])
  // Before Fastify's own listener, which ends the answer.
  stream.once('end', () => {
    for (const [name, value] of Object.entries(exchange.trailers ?? {})) {
      if (!forbiddenTrailers.has(name)) reply.raw.addTrailers({ [name]: String(value) })
    }
  })
  void reply.send(stream)
}
