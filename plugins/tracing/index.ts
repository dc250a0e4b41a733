/** Gives every exchange its identifier and its place in a distributed trace (W3C Trace Context), and tells the client the identifier. */

import { randomFillSync } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import Type from 'typebox'
import type { Static } from 'typebox'
import type { PluginConfig } from '../../src/api.ts'
import type { Config } from '../../src/config/types.ts'
import { Enum } from '../../src/config/units.ts'
import { compileTrust } from '../../src/http/client-address.ts'
import { childTraceparent, parseTraceparent, parseTracestate, sampledFlag } from '../../src/http/trace-context.ts'
import { createIds } from '../../src/http/trace-ids.ts'
import type { Attempt } from '../../src/upstream/attempt.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'
import { isAcceptableRequestId } from './request-id.ts'

const TracingSchema = Type.Object({
  sample: Type.Number({ default: 0.1, minimum: 0, maximum: 1, description: 'Share of the traces begun here that are marked as sampled. A caller\'s own mark is kept.' }),
  accept: Enum(['always', 'proxies', 'never'], {
    default: 'always',
    description: 'Whose X-Request-Id, traceparent and tracestate are taken over: everybody\'s, only those of `server.trustProxy`, or nobody\'s. What is malformed never is.'
  })
}, { additionalProperties: false, default: {}, description: 'Request identifiers and W3C Trace Context.' })

declare module '../../src/config/types.ts' {
  interface RootKeys {
    readonly tracing: Static<typeof TracingSchema>
  }
}

export const config = { root: { tracing: TracingSchema } } satisfies PluginConfig

async function tracing (app: FastifyInstance): Promise<void> {
  const { random } = app.gateway
  const { sample } = app.gateway.config.tracing
  const accepts = compileAcceptance(app.gateway.config)
  const ids = createIds(buffer => randomFillSync(buffer))

  app.gateway.onBegin(exchange => {
    const { headers } = exchange.raw
    const accepted = accepts(exchange)
    const caller = accepted ? parseTraceparent(headers['traceparent'] as string | undefined) : undefined
    const traceId = caller?.traceId ?? ids.traceId()
    exchange.trace = {
      traceId,
      spanId: ids.spanId(),
      parentId: caller?.parentId,
      flags: caller?.flags ?? (random() < sample ? sampledFlag : 0),
      state: caller === undefined ? '' : parseTracestate(headers['tracestate']) ?? ''
    }
    const id = headers['x-request-id']
    exchange.id = accepted && isAcceptableRequestId(id) ? id : traceId
  })

  for (const name of ['x-request-id', 'traceparent', 'tracestate']) app.gateway.ownedFields.add(name)
  for (const upstream of app.gateway.upstreams.values()) upstream.fieldWriters.push(writeTrace)

  app.addHook('onRequest', (request, reply, done) => {
    void reply.header('x-request-id', request.exchange.id)
    done()
  })
}

/** Fields by which the upstream joins the trace. */
function writeTrace ({ trace }: Exchange, attempt: Attempt, fields: string[]): void {
  if (trace === undefined) return
  fields.push('traceparent', childTraceparent(trace.traceId, attempt.spanId ?? trace.spanId, trace.flags))
  if (trace.state !== '') fields.push('tracestate', trace.state)
}

function compileAcceptance ({ tracing, server }: Config): (exchange: Exchange) => boolean {
  if (tracing.accept === 'proxies') {
    const trusted = compileTrust(server.trustProxy)
    return exchange => trusted(exchange.peer)
  }
  const accepted = tracing.accept === 'always'
  return () => accepted
}

export default fp(tracing, { name: 'tracing', fastify: '5.x' })
