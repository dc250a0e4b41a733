/** JWT authentication: the policy that lets only requests with a valid bearer token through and gives its claims to what comes after. */

import { createHash } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import fastify, { type FastifyInstance } from 'fastify'
import fp from 'fastify-plugin'
import type { GatewayApi, PluginConfig, PolicyOptions } from '../../src/api.ts'
import { authentication, type AuthenticatorFactory, type Claims } from '../../src/authentication.ts'
import { bearerRefusals } from '../../src/bearer-refusals.ts'
import { freezeClaims, lackingScope, subjectOf, whyNotNow } from '../../src/claims.ts'
import { dropBearer, readBearer } from '../../src/http/bearer.ts'
import { checkJwtOptions, JwtOptionsSchema, type JwtOptions } from './options.ts'
import { repeatedMember } from '../../src/http/repeated-member.ts'
import { isCanonical, verificationOptions } from './verification.ts'

/** For whoever finds this module as a plugin that can sign what it accepts. */
export { mint } from './mint.ts'

/** The options of the policy. */
export const config = { options: JwtOptionsSchema, checkOptions: checkJwtOptions } satisfies PluginConfig

/** A token's claims when signature, algorithm, issuer and audience are right. Throws whatever @fastify/jwt and fast-jwt throw, of any status. */
type Verify = (token: string) => Claims

/**
 * The verifier of a policy, made once for the whole gateway.
 *
 * @fastify/jwt decorates the app it is registered on and refuses a name it finds there, inherited ones included; a policy is registered in every
 * scope that lists it, beside and below others of its kind. So each policy has an app of its own that @fastify/jwt is registered on and that serves
 * nothing, kept in a lease: built once however many scopes list it, its memory of verified tokens shared with no other policy and forgotten as soon as key
 * or issuer change. `jwt.verify` of it is used, and not `request.jwtVerify`, which decodes first and takes twice as long.
 */
async function takeVerifier (gateway: GatewayApi, options: JwtOptions & PolicyOptions): Promise<Verify> {
  const settings = verificationOptions(options)
  const carrier = gateway.leases.take<FastifyInstance>({
    kind: 'jwt-auth',
    key: options.policy,
    // A digest, because identities are not secret.
    options: createHash('sha256').update(JSON.stringify(settings)).digest('hex'),
    create () {
      const app = fastify()
      app.register(fastifyJwt, settings)
      return app
    },
    // What it remembers about a token depends on nothing but the token, so a rehearsal may share it.
    fork: app => app,
    close: app => app.close()
  })
  await carrier.ready()
  const { jwt } = carrier
  return token => {
    const claims = jwt.verify<Record<string, unknown>>(token)
    // What is frozen has been looked at, and comes from the memory of verified tokens.
    if (Object.isFrozen(claims)) return claims
    checkMembers(token)
    return freezeClaims(claims)
  }
}

/** A service that takes the first of two members for the claim, where the gateway takes the last, would see another user. */
function checkMembers (token: string): void {
  for (const segment of token.split('.', 2)) {
    const name = repeatedMember(Buffer.from(segment, 'base64url').toString())
    if (name !== undefined) throw Object.assign(new Error('two members of one name'), { code: 'REPEATED_MEMBER' })
  }
}

/** Makes what judges the bearer token of a request. */
export const authenticator: AuthenticatorFactory<JwtOptions> = async (app, options) => {
  const { gateway } = app
  const verify = await takeVerifier(gateway, options)
  const refusal = bearerRefusals(gateway.config.server.name, options.scopes)
  const { scopes, clockTolerance, forwardToken } = options

  return ({ raw }) => {
    const bearer = readBearer(raw.rawHeaders)
    if (bearer.kind === 'missing') return refusal('missing-token', 'no bearer token')
    if (bearer.kind === 'malformed') return refusal('invalid-token', bearer.why)

    const judged = judge(bearer.token, verify, gateway.clock.wall(), clockTolerance)
    if ('why' in judged) return refusal('invalid-token', judged.why)
    const { claims } = judged
    const lacking = lackingScope(claims, scopes)
    if (lacking !== undefined) return refusal('insufficient-scope', `the token has no scope ${lacking}`)

    if (!forwardToken) dropBearer(raw)
    return { admitted: true, claims, why: () => `valid token of ${subjectOf(claims)}` }
  }
}

/** Claims, or why there are none. */
function judge (token: string, verify: Verify, wall: number, tolerance: number): { readonly claims: Claims } | { readonly why: string } {
  if (!isCanonical(token)) return { why: 'signature is not canonical base64url' }
  let claims: Claims
  try {
    claims = verify(token)
  } catch (error) {
    return { why: describeError(error) }
  }
  const why = whyNotNow(claims, wall, tolerance)
  return why === undefined ? { claims } : { why }
}

/** Not the whole error: those of fast-jwt carry pieces of the token, which must not get into a log. */
function describeError (error: unknown): string {
  const { code, message } = error as { code?: unknown, message?: unknown }
  return typeof code === 'string' ? `${code}: ${String(message)}` : 'the token cannot be verified'
}

export default fp(authentication(authenticator), { name: 'jwt-auth', fastify: '5.x' })
