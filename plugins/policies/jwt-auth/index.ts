/** JWT authentication: the policy that lets only requests with a valid token through and gives its claims to what comes after. */

import fastifyJwt from '@fastify/jwt'
import fastify from 'fastify'
import fp from 'fastify-plugin'
import { authentication, type AuthenticatorFactory, freezeClaims, identityFieldNames, type PluginConfig } from '../../../src/index.ts'
import { repeatedMember } from '../../../src/http/index.ts'
import { checkJwtOptions } from './check-options.ts'
import { compileJudge } from './judge.ts'
import type { MakeKey } from './key-source.ts'
import { signatureLength } from './key.ts'
import { JwtOptionsSchema, type JwtOptions } from './options.ts'
import { verificationOptions } from './verification.ts'
import { takeVerifier } from './verifier.ts'

/** For whoever finds this module as a plugin that can sign what it accepts. */
export { mint } from './mint.ts'

/** The options of the policy. */
export const config = {
  options: JwtOptionsSchema,
  checkOptions: checkJwtOptions,
  sets: ({ identityHeaders }: JwtOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/**
 * Makes a key ready, once for the whole gateway.
 *
 * @fastify/jwt decorates the app it is registered on and refuses a name it finds there, inherited ones included; a
 * policy is registered in every scope that lists it, beside and below others of its kind. So each key has an app of its
 * own that @fastify/jwt is registered on and that serves nothing. `jwt.verify` of it is used, and not
 * `request.jwtVerify`, which decodes first and takes twice as long.
 */
export const makeKey: MakeKey = async (material, options) => {
  const carrier = fastify()
  carrier.register(fastifyJwt, verificationOptions(material, options))
  await carrier.ready()
  const { jwt } = carrier
  const length = signatureLength(material)
  return {
    ...material,
    verify (token) {
      if (length !== undefined) checkLength(token, length)
      const claims = jwt.verify<Record<string, unknown>>(token)
      checkMembers(token)
      return freezeClaims(claims)
    }
  }
}

/** OpenSSL also takes an RSA signature whose leading zeros are left out: one token in 256 would have a second text. */
function checkLength (token: string, length: number): void {
  if (Buffer.byteLength(token.slice(token.lastIndexOf('.') + 1), 'base64url') !== length) {
    throw Object.assign(new Error('the signature has another length than the key'), { code: 'SIGNATURE_LENGTH' })
  }
}

/** A service that takes the first of two members for the claim, where the gateway takes the last, would see another user. */
function checkMembers (token: string): void {
  for (const segment of token.split('.', 2)) {
    const name = repeatedMember(Buffer.from(segment, 'base64url').toString())
    if (name !== undefined) throw Object.assign(new Error('two members of one name'), { code: 'REPEATED_MEMBER' })
  }
}

/** Makes what judges the token of a request. */
export const authenticator: AuthenticatorFactory<JwtOptions> = async (app, options) => {
  const verifier = takeVerifier(app, options, makeKey)
  await verifier.ready
  if (verifier.fetched !== undefined) app.gateway.waitFor(`the keys of ${options.policy}`, verifier.fetched)
  return compileJudge(app.gateway, verifier, options)
}

export default fp(authentication(authenticator), { name: 'jwt-auth', fastify: '5.x' })
