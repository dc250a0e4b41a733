/** Security headers: fields that tell browsers to be careful with an answer, and those that tell strangers too much taken out. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { PluginConfig, PolicyOptions } from '../../../src/index.ts'
import { compileSecurityHeaders } from './fields.ts'
import { checkSecurityHeaders, SecurityHeadersSchema, type SecurityHeadersOptions } from './options.ts'

export const config = { options: SecurityHeadersSchema, checkOptions: checkSecurityHeaders } satisfies PluginConfig

async function securityHeaders (app: FastifyInstance, options: SecurityHeadersOptions & PolicyOptions): Promise<void> {
  const { set, remove } = compileSecurityHeaders(options)
  const keep = options.upstream === 'wins'

  app.addHook('onSend', (_request, reply, _payload, done) => {
    for (const name of remove) if (reply.hasHeader(name)) void reply.removeHeader(name)
    for (const [name, value] of set) if (!keep || !reply.hasHeader(name)) void reply.header(name, value)
    done()
  })
}

export default fp(securityHeaders, { name: 'security-headers', fastify: '5.x' })
