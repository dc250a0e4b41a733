/** JWT authentication: admits only requests with a valid token and provides its claims to later policies and the upstream. */

import fastifyJwt from '@fastify/jwt'
import fastify from 'fastify'
import fp from 'fastify-plugin'
import { authentication, type AuthenticatorFactory, freezeClaims, identityFieldNames, type PluginConfig } from '../../../src/index.ts'
import { repeatedMember } from '../../../src/http/index.ts'
import * as schemaCompilers from '../../../src/internals/fastify-schema-compilers.ts'
import { checkJwtOptions } from './check-options.ts'
import { compileJudge } from './judge.ts'
import type { MakeKey } from './key-source.ts'
import { signatureLength } from './key.ts'
import { JwtOptionsSchema, type JwtOptions } from './options.ts'
import { verificationOptions } from './verification.ts'
import { takeVerifier } from './verifier.ts'

/** For plugins that need to sign tokens that this policy accepts. */
export { mint } from './mint.ts'

/** The options of the policy. */
export const config = {
  options: JwtOptionsSchema,
  checkOptions: checkJwtOptions,
  sets: ({ identityHeaders }: JwtOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/**
 * Prepares a key for verification, once for the whole gateway.
 *
 * @fastify/jwt decorates the app that it is registered on and rejects a name that exists there, inherited names
 * included. A policy is registered in every scope that lists it, often several times in one branch. So each key has its
 * own app, which serves no requests. Its `jwt.verify` is used rather than `request.jwtVerify`, which decodes first and
 * takes twice as long.
 */
export const makeKey: MakeKey = async (material, options) => {
  const carrier = fastify({ schemaController: schemaCompilers.schemaController })
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

/** OpenSSL also accepts an RSA signature without its leading zeros, so one token in 256 would have a second spelling. */
function checkLength (token: string, length: number): void {
  if (Buffer.byteLength(token.slice(token.lastIndexOf('.') + 1), 'base64url') !== length) {
    throw Object.assign(new Error('the signature has another length than the key'), { code: 'SIGNATURE_LENGTH' })
  }
}

/** Of two members of one name the gateway reads the last. A service that reads the first would see another user. */
function checkMembers (token: string): void {
  for (const segment of token.split('.', 2)) {
    const name = repeatedMember(Buffer.from(segment, 'base64url').toString())
    if (name !== undefined) throw Object.assign(new Error('two members of one name'), { code: 'REPEATED_MEMBER' })
  }
}

/** Creates the function that checks the token of a request. */
export const authenticator: AuthenticatorFactory<JwtOptions> = async (app, options) => {
  const verifier = takeVerifier(app, options, makeKey)
  await verifier.ready
  if (verifier.published !== undefined) app.gateway.waitFor(`the keys of ${options.policy}`, verifier.published.keys.fetched)
  return compileJudge(app.gateway, verifier, options)
}

export default fp(authentication(authenticator), { name: 'jwt-auth', fastify: '5.x' })
