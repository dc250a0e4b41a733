/** Body validation: admits only requests whose JSON body matches a schema. The body is forwarded unchanged. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type Exchange, GatewayError, type PluginConfig, type PolicyOptions, readBody } from '../../../src/index.ts'
import { isJson } from '../../../src/http/index.ts'
import { compileBody, type BodyError } from './body-schema.ts'
import { checkBodyValidation, BodyValidationSchema, type BodyValidationOptions } from './options.ts'
import { parseJson } from './parse.ts'

export const config = { options: BodyValidationSchema, checkOptions: checkBodyValidation } satisfies PluginConfig

async function bodyValidation (
  app: FastifyInstance,
  { schema, required, methods, maxBody, policy }: BodyValidationOptions & PolicyOptions
): Promise<void> {
  const errorsOf = compileBody(schema)
  const judged = new Set(methods)
  const { rehearsal } = app.gateway

  app.addHook('onRequest', async ({ exchange }) => {
    if (!judged.has(exchange.method)) return
    if (rehearsal) {
      exchange.decisions?.push({ by: policy, verdict: 'unknown', why: 'a rehearsal has no body' })
      return
    }
    const refusal = await judge(exchange)
    if (refusal === undefined) return
    exchange.refusedBy = policy
    throw refusal
  })

  async function judge (exchange: Exchange): Promise<GatewayError | undefined> {
    if (!exchange.hasBody) return required ? refuse([{ pointer: '', message: 'must be there' }]) : undefined
    if (!isJson(exchange.headers['content-type'])) {
      return new GatewayError('unsupported-media-type', { detail: 'expected application/json', headers: { accept: 'application/json' } })
    }
    // Compressed bodies are rejected: their decompressed size is unknown.
    if (exchange.headers['content-encoding'] !== undefined) {
      return new GatewayError('unsupported-media-type', {
        detail: 'expected a body without Content-Encoding',
        headers: { 'accept-encoding': 'identity' }
      })
    }
    const parsed = parseJson(await readBody(exchange, maxBody))
    const errors = 'problem' in parsed ? [{ pointer: '', message: parsed.problem }] : errorsOf(parsed.value)
    return errors.length > 0 ? refuse(errors) : undefined
  }
}

function refuse (errors: readonly BodyError[]): GatewayError {
  return new GatewayError('invalid-body', { members: { errors } })
}

export default fp(bodyValidation, { name: 'body-validation', fastify: '5.x' })
