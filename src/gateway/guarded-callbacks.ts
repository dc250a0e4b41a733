/** What plugins that are not built in give to `app.gateway` to call: an error in it is theirs, and harms nothing else. */

import type { FastifyBaseLogger } from 'fastify'
import { GatewayError, reasons } from '../contract/errors.ts'
import type { PluginHook } from '../contract/plugin-hook.ts'
import type { RejectedInput } from '../contract/rejected-input.ts'
import type { ReservedHandler, RouteHandlerFactory } from '../contract/routing.ts'
import type { HttpExchange } from '../exchange/exchange.ts'
import { problemMessage } from '../listeners/raw-problem.ts'
import { guardHandler, logFailure } from './guarded-hook.ts'
import type { Listing } from './plugin-additions.ts'

/** A listener that throws rejects the request. */
export function guardBegin (listing: Listing, listener: (exchange: HttpExchange) => void): (exchange: HttpExchange) => void {
  const at = hookOf(listing, 'onBegin')
  return exchange => {
    try {
      listener(exchange)
    } catch (error) {
      exchange.running = at
      exchange.refusal ??= new GatewayError('plugin-error', { cause: error })
    }
  }
}

/** A listener that throws is logged. */
export function guardClosed (
  listing: Listing,
  listener: (exchange: HttpExchange, now: number) => void
): (exchange: HttpExchange, now: number) => void {
  const at = hookOf(listing, 'onClosed')
  return (exchange, now) => {
    try {
      listener(exchange, now)
    } catch (error) {
      logFailure(exchange, at, error)
    }
  }
}

/** The same for input that never became a request. */
export function guardRejected (
  listing: Listing,
  listener: (input: RejectedInput) => void,
  log: FastifyBaseLogger
): (input: RejectedInput) => void {
  const at = hookOf(listing, 'onRejectedInput')
  return input => {
    try {
      listener(input)
    } catch (error) {
      log.error({ code: 'plugin-error', fault: 'plugin', ...at, err: error }, 'a plugin failed')
    }
  }
}

/** The handlers of routes that the plugin answers for. */
export function guardFactory (listing: Listing, create: RouteHandlerFactory): RouteHandlerFactory {
  const at = hookOf(listing, 'handler')
  return route => guardHandler(at, create(route))
}

/** A handler that throws, or rejects, sends an error document. */
export function guardReserved (listing: Listing, handler: ReservedHandler, via: string, log: FastifyBaseLogger): ReservedHandler {
  const at = hookOf(listing, 'reserved')
  return (request, response) => {
    const failed = (error: unknown): void => {
      log.error({ code: 'plugin-error', fault: 'plugin', ...at, err: error }, 'a plugin failed')
      if (response.headersSent) {
        response.destroy()
        return
      }
      const { fields, body } = problemMessage(reasons['plugin-error'], via)
      for (const name of response.getHeaderNames()) response.removeHeader(name)
      response.writeHead(500, fields).end(body)
    }
    try {
      const result = handler(request, response) as unknown
      if (result instanceof Promise) result.catch(failed)
    } catch (error) {
      failed(error)
    }
  }
}

function hookOf ({ plugin, policy }: Listing, hook: string): PluginHook {
  return { plugin, policy, hook }
}
