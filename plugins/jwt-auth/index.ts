/** JWT authentication: the policy that lets only requests with a valid bearer token through and gives its claims to what comes after. */

import { createHash } from 'node:crypto'
import fastifyJwt from '@fastify/jwt'
import fastify, { type FastifyInstance, type FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import Type, { type Static } from 'typebox'
import type { GatewayApi, PluginConfig, PolicyOptions, Report } from '../../src/api.ts'
import { Duration, Enum, Secret } from '../../src/config/units.ts'
import { GatewayError, type ReasonCode } from '../../src/errors.ts'
import { dropBearer, readBearer } from './bearer.ts'
import { freezeClaims, scopesOf, whyNotNow, type Claims } from './claims.ts'
import { algorithms, leastSecretBytes, looksLikeKey, publicKeyKind, secretAlgorithms } from './key.ts'
import { repeatedMember } from './repeated-member.ts'
import { isCanonical, verificationOptions } from './verification.ts'

const words = (description: string) => Type.Optional(Type.Union([Type.String({ minLength: 1 }), Type.Array(Type.String({ minLength: 1 }), { minItems: 1 })], { expected: 'text or a list of texts', description }))

const OptionsSchema = Type.Object({
  secret: Type.Optional(Secret({ description: 'Shared secret of the HS algorithms: 32 random bytes or more. Either this or `publicKey`.' })),
  publicKey: Type.Optional(Type.String({ description: 'Public key or certificate (PEM) of the issuer. Either this or `secret`.', examples: ['${file:/run/secrets/issuer.pem}'] })),
  algorithms: Type.Array(Enum(algorithms), { default: ['HS256'], minItems: 1, description: 'Algorithms that are accepted; all must fit the key. Whatever else a token names is refused.' }),
  issuer: words('What `iss` must be, or a list of which it must be one. Unset: not looked at.'),
  audience: words('What `aud` must be or contain, or a list of which it must contain one. Unset: not looked at.'),
  clockTolerance: Duration({ default: '0s', maximum: '1h', description: 'By how much the clocks of issuer and gateway may differ.' }),
  requiredClaims: Type.Array(Type.String({ minLength: 1 }), { default: ['exp'], description: 'Claims that every token must have. Without `exp` tokens that never expire are accepted.' }),
  scopes: Type.Array(Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }), {
    default: [],
    description: 'Scopes that a token must have, all of them; 403 without. Read from its `scope`, `scp` and `permissions`.',
    examples: [['orders:read']]
  }),
  forwardToken: Type.Boolean({ default: true, description: 'Whether the upstream gets the Authorization header too. When false, policies after this one do not see it either.' })
}, { additionalProperties: false })

type JwtOptions = Static<typeof OptionsSchema>

/** The options of the policy. */
export const config = { options: OptionsSchema, checkOptions } satisfies PluginConfig

function checkOptions (options: JwtOptions, report: Report): void {
  const { secret, publicKey } = options
  if (secret !== undefined && publicKey !== undefined) return report({ pointer: '/publicKey', message: 'cannot stand beside secret: one policy has one key', at: 'key' })
  if (secret !== undefined) return checkSecret(secret, options, report)
  if (publicKey !== undefined) return checkPublicKey(publicKey, options, report)
  report({ pointer: '', message: 'needs a key to verify tokens with: secret or publicKey' })
}

function checkSecret (secret: string, options: JwtOptions, report: Report): void {
  if (secret === '') return report({ pointer: '/secret', message: 'must not be empty' })
  if (looksLikeKey(secret)) return report({ pointer: '/secret', message: 'must be a shared secret, got a key in PEM or JWK form', hint: 'publicKey' })
  checkAlgorithms(options, secretAlgorithms, report)
  const least = leastSecretBytes(options.algorithms)
  if (Buffer.byteLength(secret) >= least) return
  report({ pointer: '/secret', severity: 'warning', message: `is shorter than ${least} bytes: whoever has one token can guess it and make others (RFC 7518 §3.2)`, hint: `openssl rand -base64 ${least}` })
}

function checkPublicKey (pem: string, options: JwtOptions, report: Report): void {
  const kind = publicKeyKind(pem)
  if ('problem' in kind) return report({ pointer: '/publicKey', message: kind.problem })
  if (kind.weak !== undefined) report({ pointer: '/publicKey', severity: 'warning', message: kind.weak })
  checkAlgorithms(options, kind.fits, report)
}

function checkAlgorithms (options: JwtOptions, fits: readonly string[], report: Report): void {
  for (const [index, algorithm] of options.algorithms.entries()) {
    if (!fits.includes(algorithm)) report({ pointer: `/algorithms/${index}`, message: `must fit the key, which verifies ${fits.join(', ')}; got ${algorithm}`, hint: `algorithms: [${fits[0]!}]` })
  }
}

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

async function jwtAuth (app: FastifyInstance, options: JwtOptions & PolicyOptions): Promise<void> {
  const { gateway } = app
  const verify = await takeVerifier(gateway, options)
  const refuse = createRefusals(options, gateway.config.server.name)
  const { policy, scopes, clockTolerance, forwardToken } = options

  app.addHook('onRequest', (request, _reply, done) => {
    const bearer = readBearer(request.raw.rawHeaders)
    if (bearer.kind === 'missing') return done(refuse(request, 'missing-token', 'no bearer token'))
    if (bearer.kind === 'malformed') return done(refuse(request, 'invalid-token', bearer.why))

    const judged = judge(bearer.token, verify, gateway.clock.wall(), clockTolerance)
    if ('why' in judged) return done(refuse(request, 'invalid-token', judged.why))
    const lacking = scopes.length === 0 ? undefined : firstLacking(judged.claims, scopes)
    if (lacking !== undefined) return done(refuse(request, 'insufficient-scope', `the token has no scope ${lacking}`))

    request.claims = judged.claims
    if (!forwardToken) dropBearer(request.raw)
    request.exchange.decisions?.push({ by: policy, verdict: 'allowed', why: `valid token of ${subject(judged.claims)}` })
    done()
  })
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

function firstLacking (claims: Claims, scopes: readonly string[]): string | undefined {
  const has = scopesOf(claims)
  return scopes.find(scope => !has.has(scope))
}

function subject (claims: Claims): string {
  return typeof claims['sub'] === 'string' ? claims['sub'] : 'no subject'
}

/** Makes the errors that requests are refused with. The client learns what RFC 6750 §3 has; why exactly is the cause, which only the log has. */
function createRefusals ({ policy, scopes }: JwtOptions & PolicyOptions, realm: string): (request: FastifyRequest, code: ReasonCode, why: string) => GatewayError {
  const challenge = `Bearer realm="${realm}"`
  const challenges: Partial<Record<ReasonCode, string>> = {
    'missing-token': challenge,
    'invalid-token': `${challenge}, error="invalid_token"`,
    'insufficient-scope': `${challenge}, error="insufficient_scope", scope="${scopes.join(' ')}"`
  }
  return (request, code, why) => {
    request.exchange.decisions?.push({ by: policy, verdict: 'refused', why })
    return new GatewayError(code, { headers: { 'www-authenticate': challenges[code]! }, cause: new Error(why) })
  }
}

export default fp(jwtAuth, { name: 'jwt-auth', fastify: '5.x' })
