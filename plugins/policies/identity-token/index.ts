/**
 * Identity tokens: the upstream receives a short-lived token with selected claims, signed by the gateway, in place of the client's own.
 */

import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import { createTokenSigner, type PluginConfig, type PolicyOptions, setUpstreamField, subjectOf, unknownText } from '../../../src/index.ts'
import { compileIssue, type Issue } from './issue.ts'
import { checkIdentityToken, IdentityTokenSchema, type IdentityTokenOptions } from './options.ts'

export const config = {
  options: IdentityTokenSchema,
  checkOptions: checkIdentityToken,
  claims: () => 'used',
  /** On routes without the policy Authorization belongs to the client. With it the field is removed per request. */
  sets: ({ header }: IdentityTokenOptions) => header.toLowerCase() === 'authorization' ? [] : [header.toLowerCase()]
} satisfies PluginConfig

/** The key is read once for all routes, and a reload that does not change it keeps the tokens. */
function takeIssue ({ gateway }: FastifyInstance, { policy, ...options }: IdentityTokenOptions & PolicyOptions): Issue {
  return gateway.resource({
    kind: 'identity-token',
    key: policy,
    // A digest, because state identities are not secret.
    options: hash('sha256', JSON.stringify(options), 'base64'),
    create: () => compileIssue(options, createTokenSigner(options))
  })
}

async function identityToken (app: FastifyInstance, options: IdentityTokenOptions & PolicyOptions): Promise<void> {
  const { policy } = options
  const { clock } = app.gateway
  const issue = takeIssue(app, options)
  const header = options.header.toLowerCase()
  const replacesCredential = header === 'authorization'
  const lead = replacesCredential ? 'Bearer ' : ''

  app.addHook('onRequest', ({ claims, exchange }, _reply, done) => {
    // Removed even without a replacement: services would take the client's token for the gateway's.
    if (replacesCredential) exchange.fields.drop('authorization')
    if (exchange.claimsUnknown) {
      setUpstreamField(exchange, header, lead + unknownText)
      exchange.decisions?.push({ by: policy, verdict: 'unknown', why: 'the claims of the client are not known' })
      done()
      return
    }
    if (claims !== null) setUpstreamField(exchange, header, lead + issue(claims, clock.wall()))
    exchange.decisions?.push(claims === null
      ? { by: policy, verdict: 'omitted', why: 'no policy before this one knows the client' }
      : { by: policy, verdict: 'issued', why: `token about ${subjectOf(claims)} in ${header}` })
    done()
  })
}

export default fp(identityToken, { name: 'identity-token', fastify: '5.x' })
