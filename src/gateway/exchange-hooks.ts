/** Links an exchange to Fastify's request, and ends it when the response closes, the one event that always fires. */

import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PluginHost } from './plugin-host.ts'
import { reasons } from '../contract/errors.ts'
import { exchangeOf, type HttpExchange } from '../exchange/exchange.ts'
import { destroyConnection } from '../internals/node-pipelined-socket.ts'

/** Adds the hooks of exchanges. Must run before any plugin adds a hook. */
export function hookExchange (app: FastifyInstance, host: PluginHost): void {
  app.decorateRequest('exchange', { getter (this: FastifyRequest) { return exchangeOf(this.raw) } } as never)
  app.decorateRequest('claims', null)
  // Fastify must not parse bodies: it would reject an unknown Content-Type, and a QUERY without one. The gateway passes bodies through
  // unparsed.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  // One function for all responses, instead of a closure for each request.
  const onClose = function (this: ServerResponse): void { end(exchangeOf(this.req), host) }
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = exchangeOf(request.raw)
    exchange.request = request
    exchange.reply = reply
    // Routing in Fastify used an internal method and path. From here on the request has those of the client.
    request.raw.method = exchange.method
    if (exchange.path !== '') request.raw.url = exchange.path + exchange.query
    if (exchange.match !== undefined) request.params = exchange.match.params
    reply.raw.once('close', onClose)
    done(exchange.refusal)
  })
}

/** Ends an exchange: releases what was taken for it, then calls the listeners of the plugins. */
function end (exchange: HttpExchange, host: PluginHost): void {
  const now = host.clock.now()
  const reply = exchange.reply!
  if (!reply.raw.writableFinished) {
    if (exchange.tunnel === undefined) exchange.reason ??= reasons['client-closed']
    // Or its client would wait for the rest for ever. Node sees to that, except where the client has pipelined.
    destroyConnection(reply.raw)
  }
  // A policy may still be waiting. When it continues, neither the policies after it nor the handler must run.
  if (!reply.sent) reply.hijack()
  exchange.close(now, reportFailure)
  // An attempt that was started and never sent, because of an error in between.
  const attempt = exchange.attempt
  if (attempt !== undefined && attempt.outcome === undefined) attempt.target.settle(attempt, 'ignored', now)
  for (const listener of host.closedListeners) {
    try {
      listener(exchange, now)
    } catch (error) {
      reportFailure(exchange, error)
    }
  }
}

function reportFailure ({ request }: HttpExchange, error: unknown): void {
  request!.log.error({ err: error }, 'a plugin failed after the exchange')
}
