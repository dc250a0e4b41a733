/** One log line for every request, written when its answer has ended or its client has gone. Values of headers and the query are never in it. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import type { Static } from 'typebox'
import type { PluginConfig } from '../../src/api.ts'
import { accessLevel, accessLine } from './access-line.ts'
import { bytesSent, countStreamed } from './body-counter.ts'

const AccessLogSchema = Type.Object({
  enabled: Type.Boolean({ default: true, description: 'Whether every request is logged when it has ended.' })
}, { additionalProperties: false, default: {}, description: 'One log line for every request.' })

declare module '../../src/config/types.ts' {
  interface RootKeys {
    readonly accessLog: Static<typeof AccessLogSchema>
  }
}

export const config = { root: { accessLog: AccessLogSchema } } satisfies PluginConfig

async function accessLog (app: FastifyInstance): Promise<void> {
  if (!app.gateway.config.accessLog.enabled || app.gateway.rehearsal) return
  const { log } = app
  app.addHook('onRequest', (_request, reply, done) => {
    countStreamed(reply.raw)
    done()
  })
  app.gateway.onClosed((exchange, now) => {
    const { reply } = exchange
    if (reply !== undefined) exchange.bytesOut = bytesSent(reply.raw, exchange.bytesOut, reply.getHeader('content-length'))
    log[accessLevel(exchange)](accessLine(exchange, now), 'request completed')
  })
}

export default fp(accessLog, { name: 'access-log', fastify: '5.x' })
