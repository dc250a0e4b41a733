/** JWT authentication: the policy that lets only requests with a valid token through and gives its claims to what comes after. */

import { hash } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { PluginConfig, PolicyOptions } from '../../src/api.ts'
import { authentication, type Admitted, type AuthenticatorFactory, type Claims, type Verdict } from '../../src/authentication.ts'
import { bearerRefusals } from '../../src/bearer-refusals.ts'
import { freezeClaims, lackingScope, subjectOf, whyNotNow } from '../../src/claims.ts'
import { repeatedMember } from '../../src/http/repeated-member.ts'
import { compileIdentityHeaders, identityFieldNames } from '../../src/identity-headers.ts'
import { identityUnavailable } from '../../src/identity-service.ts'
import { ServiceClient, ServiceUnavailable } from '../../src/service-client.ts'
import { credentialAt, type TokenPlace } from './credential.ts'
import { fixedKeys, readHead, type KeySource, type VerifyingKey } from './key-source.ts'
import type { KeyMaterial } from './key.ts'
import { algorithmsOf, checkJwtOptions, JwtOptionsSchema, writtenKeys, type JwtOptions } from './options.ts'
import { keyFetcher } from './published-keys.ts'
import { RemoteKeys } from './remote-keys.ts'
import { TokenMemory } from './token-memory.ts'
import { isCanonical, verificationOptions, type VerificationOptions } from './verification.ts'

/** For whoever finds this module as a plugin that can sign what it accepts. */
export { mint } from './mint.ts'

/** The options of the policy. */
export const config = {
  options: JwtOptionsSchema,
  checkOptions: checkJwtOptions,
  sets: ({ identityHeaders }: JwtOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/** Bytes of a key set or discovery document. */
const longestAnswer = 256 * 1024

/** A token that was verified, and what it was verified with: it holds no longer than its key. */
interface Verified {
  readonly key: VerifyingKey
  readonly claims: Claims
  reading: Reading | undefined
}

/** What follows from the claims. */
interface Reading {
  /** The options it follows by: those before a reload may have been others. */
  readonly by: string
  readonly lacking: string | undefined
  readonly verdict: Admitted
}

/** What is kept over reloads. */
interface Verifier {
  readonly keys: KeySource
  readonly memory: TokenMemory<Verified>
  /** Settles when the keys are there, or could not be fetched. */
  readonly ready: Promise<unknown>
  close (): void | Promise<void>
}

/**
 * Makes a key ready, once for the whole gateway.
 *
 * @fastify/jwt decorates the app it is registered on and refuses a name it finds there, inherited ones included; a policy is registered in every
 * scope that lists it, beside and below others of its kind. So each key has an app of its own that @fastify/jwt is registered on and that serves
 * nothing. `jwt.verify` of it is used, and not `request.jwtVerify`, which decodes first and takes twice as long.
 */
async function makeKey (material: KeyMaterial, options: VerificationOptions): Promise<VerifyingKey> {
  const carrier = fastify()
  carrier.register(fastifyJwt, verificationOptions(material, options))
  await carrier.ready()
  const { jwt } = carrier
  return {
    ...material,
    verify (token) {
      const claims = jwt.verify<Record<string, unknown>>(token)
      checkMembers(token)
      return freezeClaims(claims)
    }
  }
}

/** The options that keys and claims depend on. */
const verifying = ['secret', 'publicKey', 'keys', 'jwks', 'discovery', 'published', 'algorithms', 'issuer', 'audience', 'requiredClaims', 'remembered'] as const

function takeVerifier ({ gateway, log }: FastifyInstance, options: JwtOptions & PolicyOptions): Verifier {
  return gateway.leases.take<Verifier>({
    kind: 'jwt-auth',
    key: options.policy,
    // A digest, because identities are not secret. Other scopes are no reason to forget the issuer's keys.
    options: hash('sha256', JSON.stringify(verifying.map(key => options[key] ?? null)), 'base64'),
    create () {
      const memory = new TokenMemory<Verified>(options.remembered)
      if ((options.jwks ?? options.discovery) === undefined) {
        const verifier = { keys: fixedKeys([]), memory, ready: Promise.resolve() as Promise<unknown>, close () {} }
        verifier.ready = Promise.all(writtenKeys(options).map(async key => await makeKey(key, options))).then(keys => { verifier.keys = fixedKeys(keys) })
        return verifier
      }
      const client = new ServiceClient({ timeout: options.published.timeout, limit: longestAnswer, ca: options.published.ca })
      const keys = remoteKeys(gateway, log, options, client)
      return {
        keys,
        memory,
        // The gateway starts without them: routes that need no token must not wait for an issuer.
        ready: gateway.rehearsal ? Promise.resolve() : keys.load().catch(() => {}),
        close: async () => {
          keys.close()
          await client.close()
        }
      }
    },
    // What it remembers about a token depends on nothing but the token, so a rehearsal may share it.
    fork: live => live,
    close: live => live.close()
  })
}

function remoteKeys (gateway: FastifyInstance['gateway'], log: FastifyInstance['log'], options: JwtOptions & PolicyOptions, client: ServiceClient): RemoteKeys {
  const { policy, jwks, discovery, published } = options
  const verification = { ...options, issuer: options.issuer ?? discovery }
  let told = new Set<string>()
  let telling = new Set<string>()
  const fetch = keyFetcher({
    url: jwks,
    discovery,
    algorithms: algorithmsOf(options),
    refresh: published.refresh,
    minimumRefresh: published.minimumRefresh,
    ask: async question => await client.ask(question),
    ignored (kid, why) {
      const text = `${String(kid).slice(0, 100)}: ${why}`
      telling.add(text)
      if (!told.has(text)) log.warn({ policy, kid: String(kid).slice(0, 100), why }, 'a published key is ignored')
    }
  })
  return new RemoteKeys({
    fetch: async () => {
      telling = new Set()
      try {
        return await fetch()
      } finally {
        told = telling
      }
    },
    make: async material => await makeKey(material, verification),
    staleFor: published.staleFor,
    coolDown: published.coolDown,
    now: () => gateway.clock.now(),
    random: () => gateway.random(),
    after (wait, call) {
      const timer = setTimeout(call, wait).unref()
      return () => clearTimeout(timer)
    },
    failed: (error, keysLeft) => log.warn({ policy, err: error, keysLeft }, 'the keys of the issuer cannot be fetched')
  })
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
  const { gateway } = app
  const verifier = takeVerifier(app, options)
  await verifier.ready
  const { keys, memory } = verifier
  const refusal = bearerRefusals(gateway.config.server.name, options.scopes)
  const identify = compileIdentityHeaders(options.identityHeaders)
  const credential = credentialAt(options.token as TokenPlace)
  const { scopes, clockTolerance, forwardToken } = options

  const by = JSON.stringify([scopes, options.identityHeaders])
  const none = options.token.from === 'bearer' ? 'no bearer token' : `no token in ${options.token.from} ${options.token.name!}`

  const read = (claims: Claims): Reading => {
    const verdict = { admitted: true as const, claims, why: () => `valid token of ${subjectOf(claims)}` }
    return { by, lacking: lackingScope(claims, scopes), verdict: identify === undefined ? verdict : { ...verdict, fields: identify(claims) } }
  }

  const enter = (raw: FastifyRequest['raw'], verified: Verified): Verdict => {
    const { claims } = verified
    // Dates are looked at every time: what is remembered ends in the instant the token does.
    const why = whyNotNow(claims, gateway.clock.wall(), clockTolerance)
    if (why !== undefined) return refusal('invalid-token', why)
    if (verified.reading?.by !== by) verified.reading = read(claims)
    const { lacking, verdict } = verified.reading
    if (lacking !== undefined) return refusal('insufficient-scope', `the token has no scope ${lacking}`)
    if (!forwardToken) credential.drop(raw)
    return verdict
  }

  const verify = (raw: FastifyRequest['raw'], token: string, candidates: readonly VerifyingKey[]): Verdict => {
    let why = 'no key verifies it'
    for (const key of candidates) {
      try {
        const verified: Verified = { key, claims: key.verify(token), reading: undefined }
        memory.set(token, verified)
        return enter(raw, verified)
      } catch (error) {
        why = describeError(error)
      }
    }
    return refusal('invalid-token', why)
  }

  const verifyLater = async (raw: FastifyRequest['raw'], token: string, candidates: Promise<readonly VerifyingKey[]>): Promise<Verdict> => {
    try {
      return verify(raw, token, await candidates)
    } catch (error) {
      if (error instanceof ServiceUnavailable) return identityUnavailable(error, true)
      throw error
    }
  }

  return ({ raw }) => {
    const found = credential.read(raw)
    if (found.kind === 'missing') return refusal('missing-token', none)
    if (found.kind === 'malformed') return refusal('invalid-token', found.why)
    const { token } = found

    const remembered = memory.get(token)
    if (remembered !== undefined) {
      if (keys.holds(remembered.key)) return enter(raw, remembered)
      memory.delete(token)
    }
    if (!isCanonical(token)) return refusal('invalid-token', 'signature is not canonical base64url')
    const head = readHead(token)
    if (head === undefined) return refusal('invalid-token', 'the head cannot be read')
    if (gateway.rehearsal && !keys.knows(head)) return { admitted: true, why: 'the key is not known yet, and not fetched in a rehearsal' }
    const candidates = keys.search(head)
    return candidates instanceof Promise ? verifyLater(raw, token, candidates) : verify(raw, token, candidates)
  }
}

/** Not the whole error: those of fast-jwt carry pieces of the token, which must not get into a log. */
function describeError (error: unknown): string {
  const { code, message } = error as { code?: unknown, message?: unknown }
  return typeof code === 'string' ? `${code}: ${String(message)}` : 'the token cannot be verified'
}

export default fp(authentication(authenticator), { name: 'jwt-auth', fastify: '5.x' })
