/** How a response of a target is sent to the client, once status and fields are set. */

import { Readable } from 'node:stream'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Exchange } from '../../../src/index.ts'
import { listHas, passableTrailers, writeChunk } from '../../../src/http/index.ts'
import { batchWrite, type ClientResponse } from '../../../src/transport/index.ts'

type Body = ClientResponse['body']

/** The last step of reply-from. */
export function send (request: FastifyRequest, reply: FastifyReply, { stream: body }: { readonly stream: Body }): void {
  // Its end is that of its head, and a length would say otherwise (RFC 9110 §8.6).
  if (reply.statusCode === 204) void reply.removeHeader('content-length')
  if (hasSendHooks(request)) sendThroughFastify(reply, body)
  else if (body instanceof Readable) stream(reply, body)
  else sendWhole(reply, body)
}

/** Where Fastify keeps what it has compiled for a route, its hooks among it: a symbol that it does not export. */
let compiledRoute: symbol | undefined

/** Whether anybody wants to see answers on their way. Where it cannot be told they go through Fastify, which is right for all, and slower. */
function hasSendHooks (request: FastifyRequest): boolean {
  compiledRoute ??= Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context')
  return (request as unknown as Readonly<Record<symbol, { readonly onSend: unknown } | undefined>>)[compiledRoute!]?.onSend !== null
}

function sendThroughFastify (reply: FastifyReply, body: Body): void {
  const { raw, request: { exchange } } = reply
  if (body instanceof Readable) {
    // Before Fastify's own listener, which ends the response.
    body.once('end', () => addTrailers(raw, exchange))
    // Fastify has set the fields by then, and would send them with the first byte.
    raw.once('pipe', flushHead)
    void reply.send(body)
    return
  }
  if (body.length === 0) {
    void reply.send()
    return
  }
  const bytes = body.length === 1 ? body[0]! : Buffer.concat(body)
  // Fastify gives a Buffer a type where it finds none that it understands; what the upstream said, or left out, stays.
  void reply.send(mediaType.test(String(reply.getHeader('content-type'))) ? bytes : Readable.from([bytes]))
}

function flushHead (this: ServerResponse): void {
  this.flushHeaders()
}

/** RFC 9110 §8.3.1, as far as Fastify reads it. */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** Past Fastify, whose way costs a twentieth of a small answer and a fourth of a long one. */
function sendWhole (reply: FastifyReply, body: readonly Buffer[]): void {
  const { raw, request: { exchange } } = reply
  const trailers = trailersFor(exchange)
  const chunked = trailers !== undefined && trailers.length > 0 && hasBody(reply) && !reply.hasHeader('content-length')
  if (hasBody(reply) && !chunked) void reply.header('content-length', String(totalOf(body)))
  writeHead(reply)
  // An empty body has no chunk that would show that there are trailers to come.
  if (chunked) raw.flushHeaders()
  batchWrite(() => {
    if (body.length === 1 && !chunked) {
      raw.end(body[0])
      return
    }
    for (const chunk of body) writeChunk(raw, chunk)
    if (chunked) raw.addTrailers(trailers)
    raw.end()
  })
}

function stream (reply: FastifyReply, body: Readable): void {
  const { raw, request: { exchange } } = reply
  writeHead(reply)
  // The head has come alone, and so it goes: the first byte of a stream may be long in coming.
  if (body.readableLength === 0) raw.flushHeaders()
  body.once('error', () => raw.destroy())
  body.on('data', (chunk: Buffer) => { if (!writeChunk(raw, chunk)) body.pause() })
  body.once('end', () => {
    addTrailers(raw, exchange)
    raw.end()
  })
  raw.on('drain', () => body.resume())
}

/** Takes the answer away from Fastify, but only once there is a head: where that cannot be written, Fastify can still answer with an error. */
function writeHead (reply: FastifyReply): void {
  reply.raw.writeHead(reply.raw.statusCode, reply.getHeaders() as Record<string, string | string[]>)
  reply.hijack()
}

/** Other answers have none, and their Content-Length speaks of one that another request would get (RFC 9110 §8.6). */
function hasBody ({ raw: { statusCode }, request }: FastifyReply): boolean {
  return statusCode !== 204 && statusCode !== 304 && request.method !== 'HEAD'
}

function totalOf (chunks: readonly Buffer[]): number {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  return total
}

/** What the target sent after its body, for a client that said it understands that; known when the body has ended. */
function trailersFor ({ headers, trailers, route }: Exchange): [name: string, value: string][] | undefined {
  if (headers.te === undefined || trailers === undefined || !listHas(headers.te, 'trailers')) return undefined
  const removed = route?.config.responseHeaders?.remove
  return passableTrailers(trailers, removed === undefined ? undefined : new Set(removed.map(name => name.toLowerCase())))
}

/** Node sends them where the body is in chunks, and nowhere else. */
function addTrailers (raw: ServerResponse, exchange: Exchange): void {
  const trailers = trailersFor(exchange)
  if (trailers !== undefined && trailers.length > 0) raw.addTrailers(trailers)
}
