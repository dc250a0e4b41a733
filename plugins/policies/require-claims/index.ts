/** Authorisation: requires scopes and claims of a client that an earlier policy has authenticated. */

import type { FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import {
  bearerRefusals, type Claims, GatewayError, lackingScope, type PluginConfig, type PolicyOptions, refuse, type Refused
} from '../../../src/index.ts'
import { compileConditions } from './conditions.ts'
import { checkRequireClaims, RequireClaimsSchema, type RequireClaimsOptions } from './options.ts'

export const config = { options: RequireClaimsSchema, checkOptions: checkRequireClaims, claims: () => 'needed' } satisfies PluginConfig

async function requireClaims (
  app: FastifyInstance,
  { policy, scopes, claims: conditions }: RequireClaimsOptions & PolicyOptions
): Promise<void> {
  const refusal = bearerRefusals(app.gateway.config.server.name, scopes)
  const findFailure = compileConditions(conditions)

  const judge = (claims: Claims | null): Refused | undefined => {
    if (claims === null) return refusal('missing-token', 'no policy before this one knows the client')
    const lacking = lackingScope(claims, scopes)
    if (lacking !== undefined) return refusal('insufficient-scope', `the client has no scope ${lacking}`)
    const failure = findFailure(claims)
    return failure === undefined ? undefined : refuse(new GatewayError('forbidden', { cause: new Error(failure) }), failure, true)
  }

  app.addHook('onRequest', ({ claims, exchange }, _reply, done) => {
    if (exchange.claimsUnknown) {
      exchange.decisions?.push({ by: policy, verdict: 'unknown', why: 'the claims of the client are not known' })
      done()
      return
    }
    const refused = judge(claims)
    if (refused !== undefined) exchange.refusedBy = policy
    exchange.decisions?.push({
      by: policy,
      verdict: refused === undefined ? 'allowed' : 'refused',
      why: refused?.why ?? 'all that is required is there'
    })
    done(refused?.error)
  })
}

export default fp(requireClaims, { name: 'require-claims', fastify: '5.x' })
