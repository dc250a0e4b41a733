/**
 * Every error becomes one response: problem+json (RFC 9457), or a status of gRPC, with Proxy-Status (RFC 9209) that says whose fault
 * it is, and one log line with the cause.
 */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import {
  type Exchange, type Fault, type GatewayError, judgedStatus, type PluginConfig, problemDocument, problemType, proxyStatus, reasons
} from '../../../src/index.ts'
import { failedStatus } from '../../../src/transport/index.ts'
import { hasOwnStream } from '../../../src/http/index.ts'
import { checkErrorPages, ErrorPagesSchema } from './options.ts'
import { grpcResponse } from './grpc-response.ts'
import { compilePages, type ErrorPages } from './pages.ts'
import { clearStaleHeaders, removeInvalidFields } from './stale-headers.ts'
import { toGatewayError } from './to-gateway-error.ts'

/** Longest unread request body, as declared by the client, that is read and thrown away to keep the connection. */
const drainLimit = 64 * 1024

/** The level of the log line by fault. Errors of clients are in the access log. */
const levels = { client: 'debug', upstream: 'warn', gateway: 'error', plugin: 'error' } as const satisfies Record<Fault, string>

export const config = {
  root: { errorPages: ErrorPagesSchema },
  check: ({ errorPages }, report) => { checkErrorPages(errorPages, report) }
} satisfies PluginConfig

async function errorHandling (app: FastifyInstance): Promise<void> {
  const { server: { name: via }, errorPages } = app.gateway.config
  const pages = compilePages(errorPages)
  app.setErrorHandler((thrown, request, reply) => {
    const { exchange } = request
    const error = toGatewayError(thrown, exchange.running)
    remember(exchange, error, thrown)
    log(request, error, exchange.cause)
    // A response that has begun can only be cut.
    if (reply.raw.headersSent) reply.raw.destroy()
    else if (exchange.grpc !== undefined) answerCall(reply, exchange, error, via)
    else answer(reply, exchange, error, via, pages)
  })
  app.gateway.onClosed(nameOwnStatus)
}

function remember (exchange: Exchange, error: GatewayError, thrown: unknown): void {
  exchange.reason = error.reason
  exchange.refusedBy ??= exchange.running?.policy
  exchange.cause = error === thrown ? error.cause : thrown
}

function log (request: FastifyRequest, { reason, detail }: GatewayError, cause: unknown): void {
  // Without a cause the access line says it all; under overload a second line for each request would be one more load.
  const level = reason.status < 500 || cause === undefined ? 'debug' : levels[reason.fault]
  const { plugin, policy, hook } = request.exchange.running ?? {}
  request.log[level]({ code: reason.code, fault: reason.fault, plugin, policy, hook, detail, err: cause }, 'request failed')
}

function answer (reply: FastifyReply, exchange: Exchange, error: GatewayError, via: string, pages: ErrorPages | undefined): void {
  const { reason } = error
  const page = pages?.(error, exchange.id, exchange.headers.accept)
  clearStaleHeaders(reply, exchange.attempt?.answeredAt !== undefined)
  void reply.code(reason.status)
  if (page !== undefined) {
    exchange.decisions?.push({ by: 'error-handling', verdict: 'page', why: page.why })
    void reply.headers(page.headers)
  }
  void reply.header('content-type', page?.contentType ?? problemType)
  // Some of these statuses may be cached unless one says no (RFC 9110 §15.1), and what failed now may work the next moment.
  void reply.header('cache-control', 'no-store')
  setFields(reply, exchange, error, proxyStatus(via, reason))
  // As bytes, because Fastify would add a charset to the media type of a string, and problem+json has none.
  void reply.send(Buffer.from(page?.body ?? problemDocument(reason, exchange.id, error)))
}

/** There is no body that could have the code, so Proxy-Status has it. */
function answerCall (reply: FastifyReply, exchange: Exchange, error: GatewayError, via: string): void {
  const { reason } = error
  exchange.grpcStatus = failedStatus(reason, exchange.attempt)
  const { contentType, fields } = grpcResponse(error, exchange.grpcStatus, exchange.headers['content-type']!)
  clearStaleHeaders(reply, exchange.attempt?.answeredAt !== undefined)
  void reply.code(200).header('content-type', contentType)
  setFields(reply, exchange, error, `${proxyStatus(via, reason)}; details="${reason.code}"`)
  void reply.headers(fields)
  void reply.send()
}

/** The fields of all errors. */
function setFields (reply: FastifyReply, exchange: Exchange, error: GatewayError, status: string): void {
  void reply.header('x-request-id', exchange.id)
  void reply.header('proxy-status', status)
  if (mustClose(exchange)) void reply.header('connection', 'close')
  if (error.headers !== undefined) void reply.headers(error.headers)
  removeInvalidFields(reply)
  exchange.ownResponse = true
}

/**
 * Whether the connection cannot be used again: what is left of the request would be read as the next one, or would have
 * to be read to its end. With Expect it is unknown whether the body will come at all (RFC 9110 §10.1.1). HTTP/2 ends the
 * stream of the request alone.
 */
function mustClose ({ raw, hasBody }: Exchange): boolean {
  if (!hasBody || raw.complete || hasOwnStream(raw)) return false
  const length = raw.headers['content-length']
  return length === undefined || Number(length) > drainLimit || raw.headers.expect !== undefined
}

/** A 5xx that a service or a plugin has sent is passed on unchanged, but log and metrics have a reason for it. */
function nameOwnStatus (exchange: Exchange): void {
  const status = exchange.reply?.statusCode
  exchange.refusedBy ??= exchange.running?.policy
  if (exchange.reason === undefined && isFailedCall(exchange)) exchange.reason = reasons['upstream-error']
  if (exchange.reason !== undefined || status === undefined || status < 500) return
  if (exchange.attempt?.statusCode === status) exchange.reason = reasons['upstream-error']
  else if (exchange.running !== undefined) exchange.reason = reasons['plugin-response']
}

/** Whether the upstream has responded with a gRPC status that says that it failed. */
function isFailedCall ({ grpcStatus, attempt }: Exchange): boolean {
  return grpcStatus !== undefined && attempt?.grpcStatus === grpcStatus && judgedStatus(attempt)! >= 500
}

export default fp(errorHandling, { name: 'error-handling', fastify: '5.x' })
