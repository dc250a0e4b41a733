/**
 * Authenticates bearer tokens with a verifier, such as an introspection service. Reads the token, shares one
 * verification among concurrent requests, caches verdicts, checks dates and scopes. The verifier only decides whether a
 * token is valid.
 */

import { hash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import Type, { type Static } from '#typebox'
import type { PolicyOptions } from '../contract/policy.ts'
import type { Admitted, Authenticator, Claims, Verdict } from '../contract/authentication.ts'
import { bearerRefusals } from './bearer-refusals.ts'
import { freezeClaims, lackingScope, subjectOf, whyNotNow } from './claims.ts'
import type { Clock } from '../contract/clock.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { GatewayApi } from '../contract/gateway-api.ts'
import { Duration, Enum } from '../config/schema/units.ts'
import { within } from '../service/deadline.ts'
import { readBearer } from '../http/bearer.ts'
import { compileIdentityHeaders, identityFieldNames, IdentityHeadersSchema } from './identity-headers.ts'
import { unknownVerdict } from './unknown.ts'
import { identityServiceKeys, identityUnavailable, reportAvailability } from '../service/identity-service.ts'
import { LookupCache, type Lookup } from '../service/lookup-cache.ts'
import { takeServiceBreaker, type ServiceBreaker } from '../service/service-breaker.ts'

const strict = { additionalProperties: false } as const

/** Option keys of a policy that uses this authenticator. */
export const tokenAuthenticatorKeys = {
  clockTolerance: Duration({ default: '0s', maximum: '1h', description: 'By how much the clocks of issuer and gateway may differ.' }),
  scopes: Type.Array(
    Type.String({ pattern: '^[\\x21\\x23-\\x5b\\x5d-\\x7e]+$' }),
    {
      default: [],
      description: 'Scopes that a token must have, all of them; 403 without. Read from `scope`, `scp` and `permissions`.',
      examples: [['orders:read']]
    }
  ),
  cache: Type.Object({
    ttl: Duration({
      default: '30s',
      maximum: '1d',
      description: 'How long a good response is kept, at most until `exp`: so long a revoked token still works. `0s`: every request is ' +
        'asked about.'
    }),
    negativeTtl: Duration({ default: '10s', maximum: '1d', description: 'How long a bad one is.' }),
    maximum: Type.Integer({
      default: 10_000,
      minimum: 1,
      maximum: 1_000_000,
      description: 'Maximum number of responses of each kind. The least recently used are removed first.'
    }),
    staleFor: Duration({
      default: '5m',
      maximum: '1d',
      description: 'With `whenUnavailable: stale`, how long beyond `ttl` a good response serves while there is no other, never beyond ' +
        '`exp`.'
    })
  }, { ...strict, default: {}, description: 'What is remembered of tokens, by their SHA-256.' }),
  whenUnavailable: Enum(['refuse', 'stale'], {
    default: 'refuse',
    description: 'When nobody can be asked: 503 `identity-unavailable`, or what was last said of the token if that was good.'
  }),
  timeout: identityServiceKeys.timeout,
  breaker: identityServiceKeys.breaker,
  identityHeaders: IdentityHeadersSchema,
  forwardToken: Type.Boolean({
    default: true,
    description: 'Whether the upstream gets the Authorization header too. When false, policies after this one do not see it either.'
  })
} as const

const keys = Type.Object(tokenAuthenticatorKeys)

/** The options of {@link tokenAuthenticatorKeys}, durations in milliseconds. */
export type TokenAuthenticatorOptions = Static<typeof keys>

/** Decides which tokens are valid. Lives as long as the options of its policy stay the same. */
export interface TokenVerifier {
  /**
   * Resolves to the claims of a valid token, or to the reason, for the log, why it is invalid. Throws when it cannot
   * decide, which is a 503. Dates and scopes are checked after it.
   * @param signal aborts when `timeout` is over, and with it whatever it waits for
   */
  verify (token: string, signal: AbortSignal): Claims | string | Promise<Claims | string>
  close? (): void | Promise<void>
}

/** Which verifier, and how it is made. */
export interface TokenVerifierDefinition {
  /** Name of the plugin: what is kept over reloads belongs to it. */
  readonly kind: string
  create (): TokenVerifier
}

/** What is kept over reloads. */
interface Verification {
  readonly verifier: TokenVerifier
  readonly verdicts: LookupCache<Verdict>
}

function newVerification (
  verifier: TokenVerifier,
  { policy, cache, whenUnavailable }: TokenAuthenticatorOptions & PolicyOptions,
  breaker: ServiceBreaker,
  { clock, events }: Pick<GatewayApi, 'clock' | 'events'>
): Verification {
  return {
    verifier,
    verdicts: new LookupCache({
      maximum: cache.maximum,
      staleFor: whenUnavailable === 'stale' ? cache.staleFor : 0,
      breaker,
      now: () => clock.now(),
      changed: reportAvailability(events, policy)
    })
  }
}

/** Makes the authenticator of a policy from a verifier: reading, refusals, deadline, memory and breaker are here. */
export function tokenAuthenticator (
  { gateway }: FastifyInstance,
  options: TokenAuthenticatorOptions & PolicyOptions,
  definition: TokenVerifierDefinition
): Authenticator {
  const { clock, events } = gateway
  const { scopes, cache, whenUnavailable, clockTolerance, forwardToken, timeout } = options
  const realm = gateway.config.server.name
  const refusal = bearerRefusals(realm, scopes)
  const identify = compileIdentityHeaders(options.identityHeaders)
  const identityNames = identityFieldNames(options.identityHeaders)
  const identity = {
    kind: definition.kind,
    key: options.policy,
    // A digest, because state identities are not secret. All options, because verdicts are cached.
    options: hash('sha256', JSON.stringify([options, realm]), 'base64')
  }
  const breaker = takeServiceBreaker(gateway, identity, options.breaker)
  const { verifier, verdicts } = gateway.resource<Verification>({
    ...identity,
    create: () => newVerification(definition.create(), options, breaker, { clock, events }),
    close: live => live.verifier.close?.()
  })

  const learn = async (token: string): Promise<Lookup<Verdict>> => {
    const found = await within(timeout, async signal => await verifier.verify(token, signal))
    const wall = clock.wall()
    const why = typeof found === 'string' ? found : whyNotNow(found, wall, clockTolerance)
    if (typeof found === 'string' || why !== undefined) {
      return { value: refusal('invalid-token', why!), good: false, freshFor: cache.negativeTtl }
    }
    const claims = freezeClaims(found)
    const lacking = lackingScope(claims, scopes)
    if (lacking !== undefined) {
      return { value: refusal('insufficient-scope', `the token has no scope ${lacking}`), good: false, freshFor: cache.negativeTtl }
    }
    const value: Admitted = {
      admitted: true,
      claims,
      why: `active token of ${subjectOf(claims)}`,
      ...(identify === undefined ? {} : { fields: identify(claims) })
    }
    return { value, good: true, freshFor: Math.min(cache.ttl, validFor(claims, clock) + clockTolerance) }
  }

  /**
   * Dates are checked on every request, so a cached verdict ends with the token even when the clock has been set.
   */
  const current = (verdict: Verdict): Verdict => {
    const why = verdict.admitted ? whyNotNow(verdict.claims!, clock.wall(), clockTolerance) : undefined
    return why === undefined ? verdict : refusal('invalid-token', why)
  }

  const ask = async (token: string, key: string): Promise<Verdict> => {
    try {
      return current(await verdicts.ask(key, async () => await learn(token)))
    } catch (error) {
      const stale = whenUnavailable === 'stale' ? verdicts.stale(key) : undefined
      if (stale === undefined) return identityUnavailable(error, true)
      const verdict = current(stale)
      return verdict.admitted ? { ...verdict, why: `${String(verdict.why)}, as it was when last asked about` } : verdict
    }
  }

  const enter = ({ fields }: Exchange, verdict: Verdict): Verdict => {
    if (!forwardToken && verdict.admitted) fields.drop('authorization')
    return verdict
  }

  return ({ exchange }) => {
    const bearer = readBearer(exchange.fields)
    if (bearer.kind === 'missing') return refusal('missing-token', 'no bearer token')
    if (bearer.kind === 'malformed') return refusal('invalid-token', bearer.why)
    const { token } = bearer
    const key = hash('sha256', token, 'base64')
    if (gateway.rehearsal) {
      const seen = verdicts.peek(key)
      return enter(exchange, seen === undefined ? unknownVerdict('the service is not asked in a rehearsal', identityNames) : current(seen))
    }
    const known = verdicts.known(key)
    return known === undefined ? ask(token, key).then(verdict => enter(exchange, verdict)) : enter(exchange, current(known))
  }
}

/** Milliseconds until the token expires. */
function validFor ({ exp }: { readonly exp?: unknown }, clock: Clock): number {
  return typeof exp === 'number' ? exp * 1000 - clock.wall() : Infinity
}
