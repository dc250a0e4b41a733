/** Token introspection (RFC 7662): the policy that asks the issuer about every bearer token, and remembers what it said. */

import { hash, randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import fp from 'fastify-plugin'
import type { GatewayApi, PluginConfig, PolicyOptions } from '../../src/api.ts'
import { authentication, type Admitted, type AuthenticatorFactory, type Verdict } from '../../src/authentication.ts'
import { bearerRefusals } from '../../src/bearer-refusals.ts'
import { freezeClaims, lackingScope, subjectOf, whyNotNow } from '../../src/claims.ts'
import { dropBearer, readBearer } from '../../src/http/bearer.ts'
import { compileIdentityHeaders, identityFieldNames } from '../../src/identity-headers.ts'
import { identityUnavailable } from '../../src/identity-service.ts'
import { Inquiries, type Learnt } from '../../src/inquiries.ts'
import { ServiceClient } from '../../src/service-client.ts'
import { endpointFinder } from './endpoint.ts'
import { readAnswer, whyNot } from './judge.ts'
import { checkIntrospectionOptions, IntrospectionOptionsSchema, type IntrospectionOptions } from './options.ts'
import { compileQuestion } from './question.ts'

/** The options of the policy. */
export const config = {
  options: IntrospectionOptionsSchema,
  checkOptions: checkIntrospectionOptions,
  sets: ({ identityHeaders }: IntrospectionOptions) => identityFieldNames(identityHeaders)
} satisfies PluginConfig

/** An answer about a token is short; most of it would be claims that no header could carry. */
const longestAnswer = 256 * 1024

/** What is kept over reloads: connections to the issuer, and what it said of tokens. */
interface Introspection {
  readonly verdicts: Inquiries<Verdict>
  /** Asks about a token. */
  learn (token: string): Promise<Learnt<Verdict>>
  close (): Promise<void>
}

function takeIntrospection (gateway: GatewayApi, options: IntrospectionOptions & PolicyOptions): Introspection {
  const realm = gateway.config.server.name
  return gateway.leases.take<Introspection>({
    kind: 'token-introspection',
    key: options.policy,
    // A digest, because identities are not secret. All options, because verdicts are kept and not only answers.
    options: hash('sha256', JSON.stringify([options, realm]), 'base64'),
    create: () => createIntrospection(options, realm, gateway.clock),
    // Rehearsals only look.
    fork: live => live,
    close: live => live.close()
  })
}

function createIntrospection (options: IntrospectionOptions, realm: string, clock: GatewayApi['clock']): Introspection {
  const { client: self, cache, scopes, whenUnavailable, breaker } = options
  const client = new ServiceClient({ timeout: options.timeout, limit: longestAnswer, ca: options.ca })
  const find = endpointFinder(options, client, () => clock.now())
  const question = compileQuestion(self)
  const refusal = bearerRefusals(realm, scopes)
  const identify = compileIdentityHeaders(options.identityHeaders)

  return {
    verdicts: new Inquiries({ maximum: cache.maximum, staleFor: whenUnavailable === 'stale' ? cache.staleFor : 0, breaker, now: () => clock.now() }),
    async learn (token) {
      const { url, issuer } = await find()
      const answer = readAnswer(await client.ask(question(token, { endpoint: url, issuer, wall: clock.wall(), id: randomUUID() })))
      const wall = clock.wall()
      const why = whyNot(answer, options, wall)
      if (why !== undefined) return { value: refusal('invalid-token', why), good: false, freshFor: cache.negativeTtl }
      const claims = freezeClaims(answer)
      const lacking = lackingScope(claims, scopes)
      if (lacking !== undefined) return { value: refusal('insufficient-scope', `the token has no scope ${lacking}`), good: false, freshFor: cache.negativeTtl }
      const value: Admitted = { admitted: true, claims, why: `active token of ${subjectOf(claims)}`, ...(identify === undefined ? {} : { fields: identify(claims) }) }
      const { exp } = claims as { exp?: number }
      return { value, good: true, freshFor: exp === undefined ? cache.ttl : Math.min(cache.ttl, exp * 1000 + options.clockTolerance - wall) }
    },
    close: async () => await client.close()
  }
}

/** Makes what asks about the bearer token of a request. */
export const authenticator: AuthenticatorFactory<IntrospectionOptions> = (app, options) => {
  const { gateway } = app
  const introspection = takeIntrospection(gateway, options)
  const { verdicts } = introspection
  const refusal = bearerRefusals(gateway.config.server.name, options.scopes)
  const { clockTolerance, forwardToken, whenUnavailable } = options

  /** A date is looked at on every request: what is remembered ends in the instant the token does, whatever became of the clock meanwhile. */
  const current = (verdict: Verdict): Verdict => {
    const why = verdict.admitted ? whyNotNow(verdict.claims!, gateway.clock.wall(), clockTolerance) : undefined
    return why === undefined ? verdict : refusal('invalid-token', why)
  }

  const ask = async (token: string, key: string): Promise<Verdict> => {
    try {
      return current(await verdicts.ask(key, async () => await introspection.learn(token)))
    } catch (error) {
      const stale = whenUnavailable === 'stale' ? verdicts.stale(key) : undefined
      if (stale === undefined) return identityUnavailable(error, true)
      const verdict = current(stale)
      return verdict.admitted ? { ...verdict, why: `${String(verdict.why)}, as it was when the issuer last answered` } : verdict
    }
  }

  const enter = (raw: FastifyRequest['raw'], verdict: Verdict): Verdict => {
    if (!forwardToken && verdict.admitted) dropBearer(raw)
    return verdict
  }

  return ({ raw }) => {
    const bearer = readBearer(raw.rawHeaders)
    if (bearer.kind === 'missing') return refusal('missing-token', 'no bearer token')
    if (bearer.kind === 'malformed') return refusal('invalid-token', bearer.why)
    const { token } = bearer
    const key = hash('sha256', token, 'base64')
    if (gateway.rehearsal) {
      const seen = verdicts.peek(key)
      return enter(raw, seen === undefined ? { admitted: true, why: 'not asked in a rehearsal' } : current(seen))
    }
    const known = verdicts.known(key)
    return known === undefined ? ask(token, key).then(verdict => enter(raw, verdict)) : enter(raw, current(known))
  }
}

export default fp(authentication(authenticator), { name: 'token-introspection', fastify: '5.x' })
