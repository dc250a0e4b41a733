/** How an answer of a target is sent to the client, once status and fields are set. */

import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { writeChunk } from '../../src/http/write-chunk.ts'
import { atTurnEnd } from '../../src/turn-end.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import type { ClientResponse } from '../../src/upstream/messages.ts'
import { ResponseBody } from '../../src/upstream/response-body.ts'

type Body = ClientResponse['body']

/** The last step of reply-from. */
export function send (request: FastifyRequest, reply: FastifyReply, { stream: body }: { readonly stream: Body }): void {
  const { exchange } = request
  if (String(exchange.headers.te ?? '').includes('trailers') && !reply.hasHeader('content-length')) sendWithTrailers(reply, exchange, body)
  else if (hasSendHooks(request)) sendThroughFastify(reply, body)
  else if (!(body instanceof ResponseBody)) sendWhole(reply, body)
  // Before the first byte there can still be another answer, if it never comes.
  else if (body.readableLength === 0) sendThroughFastify(reply, body)
  else stream(reply, body)
}

/** Where Fastify keeps what it has compiled for a route, its hooks among it: a symbol that it does not export. */
let compiledRoute: symbol | undefined

/** Whether anybody wants to see answers on their way. Where it cannot be told they go through Fastify, which is right for all, and slower. */
function hasSendHooks (request: FastifyRequest): boolean {
  compiledRoute ??= Object.getOwnPropertySymbols(request).find(({ description }) => description === 'fastify.context')
  return (request as unknown as Readonly<Record<symbol, { readonly onSend: unknown } | undefined>>)[compiledRoute!]?.onSend !== null
}

function sendThroughFastify (reply: FastifyReply, body: Body): void {
  if (body instanceof ResponseBody || body.length === 0) {
    void reply.send(body instanceof ResponseBody ? body : undefined)
    return
  }
  const bytes = body.length === 1 ? body[0]! : Buffer.concat(body)
  // Fastify gives a Buffer a type where it finds none that it understands; what the upstream said, or left out, stays.
  void reply.send(mediaType.test(String(reply.getHeader('content-type'))) ? bytes : Readable.from([bytes]))
}

/** RFC 9110 §8.3.1, as far as Fastify reads it. */
const mediaType = /^\s*[\w!#$%&'*+.^`|~-]+\/[\w!#$%&'*+.^`|~-]+\s*(?:;|$)/

/** Past Fastify, whose way costs a twentieth of a small answer and a fourth of a long one. */
function sendWhole (reply: FastifyReply, body: readonly Buffer[]): void {
  const { raw } = reply
  if (hasBody(reply)) void reply.header('content-length', String(totalOf(body)))
  writeHead(reply)
  atTurnEnd(() => {
    if (body.length === 1) {
      raw.end(body[0])
      return
    }
    for (const chunk of body) writeChunk(raw, chunk)
    raw.end()
  })
}

function stream (reply: FastifyReply, body: ResponseBody): void {
  const { raw } = reply
  writeHead(reply)
  body.once('error', () => raw.destroy())
  body.on('data', (chunk: Buffer) => { if (!writeChunk(raw, chunk)) body.pause() })
  body.once('end', () => raw.end())
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

/** Trailer fields that could change what the message means (RFC 9110 §6.5.1). */
const forbiddenTrailers = new Set(['content-length', 'transfer-encoding', 'host', 'content-encoding', 'content-type', 'content-range', 'trailer', 'set-cookie', 'connection'])

/** For a client that said it understands trailers: what the upstream sent after its body goes on after ours. */
function sendWithTrailers (reply: FastifyReply, exchange: Exchange, body: Body): void {
  const source = body instanceof ResponseBody ? body : Readable.from(body)
  // Before Fastify's own listener, which ends the answer.
  source.once('end', () => {
    for (const [name, value] of Object.entries(exchange.trailers ?? {})) {
      if (!forbiddenTrailers.has(name)) reply.raw.addTrailers({ [name]: String(value) })
    }
  })
  void reply.send(source)
}
