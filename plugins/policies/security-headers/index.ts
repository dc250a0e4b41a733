/** Security headers: sets response header fields that restrict what browsers do, and removes those that reveal details of the software. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { type PluginConfig, type PolicyOptions, responseStage } from '../../../src/index.ts'
import { compileSecurityHeaders } from './fields.ts'
import { checkSecurityHeaders, SecurityHeadersSchema, type SecurityHeadersOptions } from './options.ts'

export const config = { options: SecurityHeadersSchema, checkOptions: checkSecurityHeaders } satisfies PluginConfig

async function securityHeaders (app: FastifyInstance, options: SecurityHeadersOptions & PolicyOptions): Promise<void> {
  const { set, remove } = compileSecurityHeaders(options)
  const keep = options.upstream === 'wins'

  app.addHook('onSend', responseStage({
    fields (_exchange, fields) {
      for (const name of remove) if (fields.hasHeader(name)) fields.removeHeader(name)
      for (const [name, value] of set) if (!keep || !fields.hasHeader(name)) fields.header(name, value)
    }
  }))
}

export default fp(securityHeaders, { name: 'security-headers', fastify: '5.x' })
