/**
 * CORS (Fetch §3.3): which web pages may use a route. The gateway responds to preflights itself and replaces the
 * upstream's own CORS header fields.
 */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Exchange, type PluginConfig, type PolicyOptions, type ResponseFields, responseStage } from '../../../src/index.ts'
import { isPreflight } from '../../../src/http/index.ts'
import { compileCors, upstreamFields, type Field } from './fields.ts'
import { checkCorsOptions, CorsSchema, type CorsOptions } from './options.ts'

export const config = { options: CorsSchema, checkOptions: checkCorsOptions, answersPreflight: true } satisfies PluginConfig

async function cors (app: FastifyInstance, { policy, ...options }: CorsOptions & PolicyOptions): Promise<void> {
  const compiled = compileCors(options)

  app.addHook('onRequest', ({ exchange }, reply, done) => {
    if (!isPreflight(exchange)) return done()
    const fields = compiled.preflight({
      origin: String(exchange.headers.origin),
      method: String(exchange.headers['access-control-request-method']),
      headers: String(exchange.headers['access-control-request-headers'] ?? ''),
      privateNetwork: exchange.headers['access-control-request-private-network'] === 'true'
    })
    decide(exchange, policy, fields.length > 0)
    write(reply, fields)
    void reply.code(204).send()
  })

  // In the last hook, so that the gateway's own responses get the header fields too; a page could not read a rejection otherwise.
  app.addHook('onSend', responseStage({
    fields (exchange, response) {
      const { origin } = exchange.headers
      if (!isPreflight(exchange)) {
        for (const name of upstreamFields) if (response.hasHeader(name)) response.removeHeader(name)
        if (origin !== undefined) {
          const fields = compiled.answer(origin, exchange.grpc !== undefined)
          decide(exchange, policy, fields.length > 0)
          write(response, fields)
        }
      }
      if (compiled.varies) {
        vary(response, isPreflight(exchange) ? 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' : 'Origin')
      }
    }
  }))
}

function write (response: ResponseFields, fields: readonly Field[]): void {
  for (const [name, value] of fields) response.header(name, value)
}

function decide ({ decisions, headers }: Exchange, by: string, allowed: boolean): void {
  decisions?.push({
    by,
    verdict: allowed ? 'allowed' : 'not told',
    why: allowed ? `pages of ${headers.origin!} may read the response` : `pages of ${headers.origin!} are not among the origins`
  })
}

/** Adds missing names to Vary (RFC 9110 §12.5.5). */
function vary (response: ResponseFields, names: string): void {
  const there = response.getHeader('vary')
  const text = Array.isArray(there) ? there.join(', ') : there === undefined ? '' : String(there)
  const known = new Set(text.toLowerCase().split(',').map(name => name.trim()))
  if (known.has('*')) return
  const missing = names.split(', ').filter(name => !known.has(name.toLowerCase()))
  if (missing.length > 0) response.header('vary', [text, ...missing].filter(part => part !== '').join(', '))
}

export default fp(cors, { name: 'cors', fastify: '5.x' })
