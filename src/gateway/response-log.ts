/** What Fastify logs itself: only responses that break off after their headers were sent. */

import { LogController, type FastifyReply, type FastifyRequest } from 'fastify'
import { reasons } from '../contract/errors.ts'
import { exchangeOf } from '../exchange/exchange.ts'

export class ResponseLog extends LogController {
  constructor () {
    super({ disableRequestLogging: true, requestIdLogLabel: 'requestId' })
  }

  /** The body of a response has failed. A body of a target has its reason already. */
  override streamError (error: Error, request: FastifyRequest, reply: FastifyReply): void {
    const exchange = exchangeOf(request.raw)
    // The client has left.
    if (exchange.reason !== undefined || exchange.over || reply.raw.destroyed || request.raw.socket.destroyed) return
    const { plugin, policy, hook } = exchange.running ?? {}
    const reason = plugin === undefined ? reasons.internal : reasons['plugin-error']
    exchange.reason = reason
    exchange.cause = error
    request.log.error({ code: reason.code, fault: reason.fault, plugin, policy, hook, err: error }, 'response cut')
  }
}
