/** How a response of a target is sent to the client, once status and fields are set: whole, as a stream, or through Fastify. */

import { Readable } from 'node:stream'
import type { ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Ownership, ResponsePipeline, Route, TargetResponse, TunnelLimits } from '../../../src/index.ts'
import { writeChunk } from '../../../src/http/index.ts'
import { batchWrite, hasBody, openTunnel, runStages } from '../../../src/transport/index.ts'
import * as streamSend from '../../../src/internals/fastify-stream-send.ts'
import { compileTrailers, type TrailersOf } from './trailers.ts'
import { tunnelLimits } from './websocket.ts'

type Body = TargetResponse['body']

/** Compiles the last step of reply-from for a route. */
export function compileSend (route: Route, pipeline: ResponsePipeline): (request: FastifyRequest, reply: FastifyReply) => void {
  const trailersOf = compileTrailers(route, pipeline)
  const limits = tunnelLimits(route)
  return ({ exchange }, reply) => {
    // It has no body, and a length would say otherwise (RFC 9110 §8.6).
    if (reply.statusCode === 204) void reply.removeHeader('content-length')
    const response = exchange.response!
    if (response.tunnel !== undefined) {
      tunnel(reply, pipeline, limits!)
      return
    }
    if (!pipeline.direct) {
      sendThroughFastify(reply, response.body, trailersOf)
      return
    }
    const { body, ownership } = pipeline.stages.length === 0 ? response : runStages(pipeline.stages, exchange, reply)
    if (body instanceof Readable) stream(reply, body, ownership, trailersOf)
    else sendWhole(reply, body, ownership, trailersOf)
  }
}

/** Accepts a WebSocket. Its response has no body, so the stages change its header fields only. Other hooks are not called. */
function tunnel (reply: FastifyReply, { stages }: ResponsePipeline, limits: TunnelLimits): void {
  const { exchange } = reply.request
  for (const stage of stages) stage.fields?.(exchange, reply)
  // It may have set the fields of a body.
  for (const name of ['content-length', 'content-type']) void reply.removeHeader(name)
  openTunnel(exchange, reply.getHeaders() as Record<string, string | string[]>, limits)
  reply.hijack()
}

/** For hooks that are no stages. They always get a stream, whatever the size of the body and however it arrives. */
function sendThroughFastify (reply: FastifyReply, body: Body, trailersOf: TrailersOf): void {
  const { raw, request: { exchange } } = reply
  let payload: Readable
  if (body instanceof Readable) {
    // Before Fastify's own listener, which ends the response.
    body.once('end', () => addTrailers(raw, trailersOf(exchange)))
    payload = body
  } else {
    const trailers = trailersOf(exchange)
    addTrailers(raw, trailers)
    if (!isChunked(reply, trailers) && hasBody(exchange, reply)) void reply.header('content-length', String(totalOf(body)))
    payload = Readable.from(body, { objectMode: false })
  }
  // Fastify would send them with the first byte of the body.
  streamSend.flushHeadersEarly(raw)
  void reply.send(payload)
}

/** Past Fastify, which costs a twentieth of a small response and a fourth of a long one. */
function sendWhole (reply: FastifyReply, body: readonly Buffer[], ownership: Ownership, trailersOf: TrailersOf): void {
  const { raw, request: { exchange } } = reply
  const trailers = trailersOf(exchange)
  const chunked = isChunked(reply, trailers)
  if (!chunked && hasBody(exchange, reply)) void reply.header('content-length', String(totalOf(body)))
  writeHead(reply)
  // An empty body has no chunk that would show that there are trailers to come.
  if (chunked) raw.flushHeaders()
  batchWrite(() => {
    if (body.length === 1 && !chunked) {
      raw.end(body[0])
      return
    }
    for (const chunk of body) writeChunk(raw, chunk, ownership)
    if (chunked) raw.addTrailers(trailers)
    raw.end()
  })
}

function stream (reply: FastifyReply, body: Readable, ownership: Ownership, trailersOf: TrailersOf): void {
  const { raw, request: { exchange } } = reply
  writeHead(reply)
  // No part of the body is here, so the headers go out alone: the first byte of a stream may be long in coming.
  if (body.readableLength === 0) raw.flushHeaders()
  body.once('error', () => raw.destroy())
  body.on('data', (chunk: Buffer) => { if (!writeChunk(raw, chunk, ownership)) body.pause() })
  body.once('end', () => {
    addTrailers(raw, trailersOf(exchange))
    raw.end()
  })
  raw.on('drain', () => body.resume())
  // A stage that observes it has paused it.
  body.resume()
}

/** Takes the response away from Fastify, but only once the headers are written: where they cannot be, Fastify can still send an error. */
function writeHead (reply: FastifyReply): void {
  reply.raw.writeHead(reply.raw.statusCode, reply.getHeaders() as Record<string, string | string[]>)
  reply.hijack()
}

/** Whether a complete body is sent in chunks, for the sake of its trailers. */
function isChunked (reply: FastifyReply, trailers: readonly unknown[]): boolean {
  return trailers.length > 0 && hasBody(reply.request.exchange, reply) && !reply.hasHeader('content-length')
}

function totalOf (chunks: readonly Buffer[]): number {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  return total
}

/** Node keeps them until the end, and sends them only where the body is in chunks. */
function addTrailers (raw: ServerResponse, trailers: ReturnType<TrailersOf>): void {
  if (trailers.length > 0) raw.addTrailers(trailers)
}
