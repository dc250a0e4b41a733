/** Ties an exchange to Fastify's request and to the one event that always fires: the close of the answer. */

import type { ServerResponse } from 'node:http'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { PluginHost } from './plugin-host.ts'
import { reasons } from '../contract/errors.ts'
import { exchangeOf, type HttpExchange } from '../exchange/exchange.ts'

/** Must run before any other plugin adds a hook. */
export function hookExchange (app: FastifyInstance, door: PluginHost): void {
  app.decorateRequest('exchange', { getter (this: FastifyRequest) { return exchangeOf(this.raw) } } as never)
  app.decorateRequest('claims', null)
  // To Fastify no method has a body: it would refuse one whose Content-Type it cannot read, and a QUERY without any. Ours pass through unread.
  for (const method of app.supportedMethods) app.addHttpMethod(method, { hasBody: false, overrideExisting: true })
  // One function for all responses: a closure for each would be work on every request.
  const onClose = function (this: ServerResponse): void { end(exchangeOf(this.req), door) }
  app.addHook('onRequest', (request, reply, done) => {
    const exchange = exchangeOf(request.raw)
    exchange.request = request
    exchange.reply = reply
    // Routing needed a method and a path of its own; from here on everyone sees the client's.
    request.raw.method = exchange.method
    if (exchange.path !== '') request.raw.url = exchange.path + exchange.query
    if (exchange.match !== undefined) request.params = exchange.match.params
    reply.raw.once('close', onClose)
    done(exchange.refusal)
  })
}

/** The one end of an exchange: what was taken for it is given back, then the plugins are told. */
function end (exchange: HttpExchange, door: PluginHost): void {
  const now = door.clock.now()
  const reply = exchange.reply!
  if (!reply.raw.writableFinished) {
    exchange.reason ??= reasons['client-closed']
    endConnection(reply.raw)
  }
  // A policy may still be waiting for something. When it goes on, neither the policies behind it nor the handler run.
  if (!reply.sent) reply.hijack()
  exchange.close(now, reportFailure)
  // An attempt that was entered and never sent, because something threw in between.
  const attempt = exchange.attempt
  if (attempt !== undefined && attempt.outcome === undefined) attempt.target.settle(attempt, 'ignored', now)
  for (const listener of door.closedListeners) {
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

/**
 * A response that broke off ends its connection, or its client would wait for the rest for ever. Node sees to that, except where the client has
 * pipelined and the responses before this one are not all sent: then it has no connection yet, and gets it as if nothing had happened.
 */
function endConnection (response: ServerResponse): void {
  if (response.socket === null) response.once('socket', socket => socket.destroy())
  else response.socket.destroy()
}
