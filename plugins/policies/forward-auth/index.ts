/** Forward authentication: an external service decides about every request. */

import { hash } from 'node:crypto'
import fp from 'fastify-plugin'
import {
  authentication, type AuthenticatorFactory, compileValue, type Exchange, type GatewayApi, GatewayError,
  identityUnavailable, type Lookup, LookupCache, type PluginConfig, type PolicyOptions, refuse, reportAvailability,
  ServiceClient, takeServiceBreaker, type Verdict, unknownVerdict
} from '../../../src/index.ts'
import { checkForwardAuthOptions, credentials, ForwardAuthOptionsSchema, type ForwardAuthOptions } from './options.ts'
import { compileQuestion } from './auth-request.ts'
import { readVerdict } from './auth-response.ts'

const lower = (names: readonly string[]): string[] => names.map(name => name.toLowerCase())

/** The options of the policy. */
export const config = {
  options: ForwardAuthOptionsSchema,
  checkOptions: checkForwardAuthOptions,
  sets: ({ upstreamHeaders }: ForwardAuthOptions) => lower(upstreamHeaders).filter(name => !credentials.has(name))
} satisfies PluginConfig

/** The most bytes of a response body. It is ignored, but has to be read before the connection can be reused. */
const longestAnswer = 256 * 1024

/** The state that is kept across reloads: connections to the service and cached verdicts. */
interface ForwardAuth {
  readonly verdicts: LookupCache<Verdict>
  readonly client: ServiceClient
}

function takeForwardAuth (gateway: GatewayApi, options: ForwardAuthOptions & PolicyOptions): ForwardAuth {
  const { clock, names, events } = gateway
  const { policy, timeout, ca, cache } = options
  const identity = {
    kind: 'forward-auth',
    key: policy,
    // A digest, because state identities are not secret. All options, because verdicts are cached.
    options: hash('sha256', JSON.stringify(options), 'base64')
  }
  const breaker = takeServiceBreaker(gateway, identity, options.breaker)
  return gateway.resource<ForwardAuth>({
    ...identity,
    create: () => ({
      client: new ServiceClient({ names, timeout, limit: longestAnswer, ca }),
      verdicts: new LookupCache({
        maximum: cache?.maximum ?? 0,
        staleFor: 0,
        breaker,
        now: () => clock.now(),
        changed: reportAvailability(events, policy)
      })
    }),
    close: async ({ client }) => await client.close()
  })
}

/** Compiles the cache options to a function that returns the cache key of a request; undefined where the verdict is not cached. */
function compileKey (cache: ForwardAuthOptions['cache']): (exchange: Exchange) => string | undefined {
  if (cache === undefined) return () => undefined
  const values = [cache.key].flat().map(compileValue)
  return exchange => {
    const found: (string | null)[] = values.map(value => value(exchange) ?? null)
    if (found.every(value => value === null)) return undefined
    if (!cache.anyRequest) found.push(exchange.method, exchange.host ?? '', exchange.path, exchange.query)
    // A digest, because values are secret and of any length.
    return hash('sha256', JSON.stringify(found), 'base64')
  }
}

/** Creates the function that asks the service about a request. */
export const authenticator: AuthenticatorFactory<ForwardAuthOptions> = ({ gateway }, options) => {
  const { verdicts, client } = takeForwardAuth(gateway, options)
  const { ttl = 0, negativeTtl = 0 } = options.cache ?? {}
  const requestHeaders = lower(options.requestHeaders)
  const question = compileQuestion({ url: options.url, requestHeaders, trusted: gateway.trusted ?? (() => false) })
  const keyOf = compileKey(options.cache)
  const fields = {
    upstreamHeaders: lower(options.upstreamHeaders),
    refusalHeaders: lower(options.refusalHeaders),
    responseHeaders: lower(options.responseHeaders),
    claims: Object.entries(options.claims).map(([claim, field]) => [claim, field.toLowerCase()] as const)
  }
  const refusesRepeats = requestHeaders.includes('authorization')

  const learn = async (exchange: Exchange, presented: boolean): Promise<Lookup<Verdict>> => {
    const answer = await client.ask(question(exchange))
    const value = readVerdict(answer, fields, presented)
    const personal = answer.status < 400 && answer.status > 299 || answer.headers['set-cookie'] !== undefined
    return { value, good: value.admitted, freshFor: personal ? 0 : value.admitted ? ttl : negativeTtl }
  }

  const ask = async (exchange: Exchange, key: string | undefined): Promise<Verdict> => {
    const presented = requestHeaders.some(name => exchange.headers[name] !== undefined)
    try {
      return await verdicts.ask(key, async () => await learn(exchange, presented))
    } catch (error) {
      return identityUnavailable(error, presented)
    }
  }

  return ({ exchange }) => {
    if (refusesRepeats && exchange.fields.only('authorization') === null) {
      const why = 'more than one Authorization field'
      return refuse(new GatewayError('invalid-token', { cause: new Error(why) }), why, true)
    }
    const key = keyOf(exchange)
    if (gateway.rehearsal) {
      return (key === undefined ? undefined : verdicts.peek(key)) ??
        unknownVerdict('the service is not asked in a rehearsal', fields.upstreamHeaders)
    }
    return (key === undefined ? undefined : verdicts.known(key)) ?? ask(exchange, key)
  }
}

export default fp(authentication(authenticator), { name: 'forward-auth', fastify: '5.x' })
