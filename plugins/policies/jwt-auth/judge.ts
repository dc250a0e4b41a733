/** Checks the token of a request: reads it, verifies it or finds it in the cache, then checks its dates and scopes. */

import type { FastifyRequest } from 'fastify'
import {
  type Authenticator, bearerRefusals, type Claims, compileIdentityHeaders, type GatewayApi, identityFieldNames,
  identityUnavailable, lackingScope, ServiceUnavailable, subjectOf, unknownVerdict, type Verdict, whyNotNow
} from '../../../src/index.ts'
import { credentialAt, type TokenPlace } from './token-place.ts'
import { readHead, type VerifyingKey } from './key-source.ts'
import type { JwtOptions } from './options.ts'
import { readUnverified, whyNever } from './unverified.ts'
import { isCanonical } from './verification.ts'
import type { ReadToken, Verified, Verifier } from './verifier.ts'

export function compileJudge (gateway: GatewayApi, { keys, memory }: Verifier, options: JwtOptions): Authenticator {
  const refusal = bearerRefusals(gateway.config.server.name, options.scopes)
  const identify = compileIdentityHeaders(options.identityHeaders)
  const identityNames = identityFieldNames(options.identityHeaders)
  const credential = credentialAt(options.token as TokenPlace)
  const { scopes, clockTolerance, forwardToken } = options
  const by = JSON.stringify([scopes, options.identityHeaders])
  const none = options.token.from === 'bearer' ? 'no bearer token' : `no token in ${options.token.from} ${options.token.name!}`

  const read = (claims: Claims): ReadToken => {
    const verdict = { admitted: true as const, claims, why: () => `valid token of ${subjectOf(claims)}` }
    return {
      by,
      lacking: lackingScope(claims, scopes),
      verdict: identify === undefined ? verdict : { ...verdict, fields: identify(claims) }
    }
  }

  const enter = (request: FastifyRequest, verified: Verified): Verdict => {
    const { claims } = verified
    // Dates are checked every time, so that a cached token expires on time.
    const why = whyNotNow(claims, gateway.clock.wall(), clockTolerance)
    if (why !== undefined) return refusal('invalid-token', why)
    if (verified.reading?.by !== by) verified.reading = read(claims)
    const { lacking, verdict } = verified.reading
    if (lacking !== undefined) return refusal('insufficient-scope', `the token has no scope ${lacking}`)
    if (!forwardToken) credential.drop(request)
    return verdict
  }

  const verify = (request: FastifyRequest, token: string, candidates: readonly VerifyingKey[]): Verdict => {
    let why = 'no key verifies it'
    for (const key of candidates) {
      try {
        const verified: Verified = { key, claims: key.verify(token), reading: undefined }
        memory.set(token, verified)
        return enter(request, verified)
      } catch (error) {
        why = describeError(error)
      }
    }
    return refusal('invalid-token', why)
  }

  const verifyLater = async (request: FastifyRequest, token: string, candidates: Promise<readonly VerifyingKey[]>): Promise<Verdict> => {
    try {
      return verify(request, token, await candidates)
    } catch (error) {
      if (error instanceof ServiceUnavailable) return identityUnavailable(error, true)
      throw error
    }
  }

  /** The key is not known, and a rehearsal fetches none. */
  const judgeUnverified = (token: string): Verdict => {
    const claims = readUnverified(token)
    if (claims === undefined) return refusal('invalid-token', 'its claims cannot be read')
    const why = whyNever(claims, options, gateway.clock.wall())
    if (why !== undefined) return refusal('invalid-token', why)
    const lacking = lackingScope(claims, scopes)
    if (lacking !== undefined) return refusal('insufficient-scope', `the token has no scope ${lacking}`)
    return unknownVerdict('the key is not known yet, and is not fetched in a rehearsal', identityNames)
  }

  return request => {
    const found = credential.read(request)
    if (found.kind === 'missing') return refusal('missing-token', none)
    if (found.kind === 'malformed') return refusal('invalid-token', found.why)
    const { token } = found

    const remembered = memory.get(token)
    if (remembered !== undefined) {
      if (keys.holds(remembered.key)) return enter(request, remembered)
      memory.delete(token)
    }
    if (!isCanonical(token)) return refusal('invalid-token', 'it is not canonical base64url')
    const head = readHead(token)
    if (head === undefined) return refusal('invalid-token', 'the head cannot be read')
    if (gateway.rehearsal && !keys.knows(head)) return judgeUnverified(token)
    const candidates = keys.search(head)
    return candidates instanceof Promise ? verifyLater(request, token, candidates) : verify(request, token, candidates)
  }
}

/** Not the whole error: those of fast-jwt contain parts of the token, which must not be logged. */
function describeError (error: unknown): string {
  const { code, message } = error as { code?: unknown, message?: unknown }
  return typeof code === 'string' ? `${code}: ${String(message)}` : 'the token cannot be verified'
}
