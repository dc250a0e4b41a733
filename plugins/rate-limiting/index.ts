/** Rate limiting: the policy that lets so many requests through in so long, counted by client, key, route or all together. */

import fp from 'fastify-plugin'
import Type, { type Static } from 'typebox'
import type { GatewayApi, PluginConfig, PolicyOptions, Report } from '../../src/api.ts'
import { Enum, Rate } from '../../src/config/units.ts'
import { GatewayError } from '../../src/errors.ts'
import { compileKey, keyProblem } from '../../src/exchange-key.ts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { Buckets, type BucketStore } from './buckets.ts'
import { compileQuota, quotaStyles, seconds } from './quota-fields.ts'
import { bucketRules, take, type Taken } from './token-bucket.ts'

const OptionsSchema = Type.Object({
  limit: Rate({ description: 'How many requests in how long, at a steady pace.', examples: ['5/s', '100/m', '1/10s'] }),
  burst: Type.Optional(Type.Integer({
    minimum: 1,
    maximum: 1_000_000_000,
    description: 'How many may come at once. With `limit: 5/s, burst: 4` four pass at once, then one every 200 ms; 1 spaces all requests evenly. Unless set, as many as the limit names.'
  })),
  key: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 8 })], {
    default: 'ip',
    expected: 'a key such as ip or header:x-api-key, or a list of them',
    description: 'What requests are counted by: `ip` (an IPv6 client is its /64 network), `header:NAME`, `cookie:NAME`, `param:NAME` (of the path), `claim:NAME` (of the token a policy before this one verified), `route` (by its name), `global`, or a list, which counts every combination by itself. A request without such a value is counted by its address. A client can send any header or cookie, so count by these only what a policy before this one has checked.',
    examples: ['ip', 'header:x-api-key', ['route', 'claim:sub']]
  }),
  maxKeys: Type.Integer({
    default: 100_000,
    minimum: 1,
    maximum: 10_000_000,
    description: 'Most clients that are counted one by one, about 150 bytes each. When so many are in the middle of using their limit, further ones share one limit until there is room.'
  }),
  headers: Enum(quotaStyles, {
    default: 'draft',
    description: 'How clients are told what is left: `draft` is `RateLimit` and `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers), `x-ratelimit` is `X-RateLimit-Limit`, `-Remaining` and `-Reset`. Fields of the same name from the upstream take their place.'
  })
}, { additionalProperties: false })

type RateLimitOptions = Static<typeof OptionsSchema>

/** The options of the policy. */
export const config = {
  options: OptionsSchema,
  checkOptions (options: RateLimitOptions, report: Report) {
    if (options.limit.limit === 0) report({ pointer: '/limit', message: 'must let at least one request through', hint: 'limit: 1/m' })
    const keys = typeof options.key === 'string' ? [options.key] : options.key
    for (const [index, key] of keys.entries()) {
      const message = keyProblem(key)
      if (message !== undefined) report({ pointer: typeof options.key === 'string' ? '/key' : `/key/${index}`, message })
    }
  }
} satisfies PluginConfig

/** Decides about one request: the error to refuse it with, or undefined. */
type Limiter = (request: FastifyRequest, reply: FastifyReply) => GatewayError | undefined

/** How often, and how many buckets at a time, are looked at for those that are full again; an idle gateway gives its memory back. */
const sweepEvery = 1000
const sweepCount = 5000

/** The limiters of each generation by policy: a policy that is listed in a thousand scopes is compiled once. */
const limiters = new WeakMap<GatewayApi, Map<string, Limiter>>()

async function rateLimiting (app: FastifyInstance, options: RateLimitOptions & PolicyOptions): Promise<void> {
  const limit = limiterOf(app, options)
  app.addHook('onRequest', (request, reply, done) => done(limit(request, reply)))
}

function limiterOf (app: FastifyInstance, options: RateLimitOptions & PolicyOptions): Limiter {
  let known = limiters.get(app.gateway)
  if (known === undefined) limiters.set(app.gateway, known = new Map<string, Limiter>())
  let limiter = known.get(options.policy)
  if (limiter === undefined) known.set(options.policy, limiter = createLimiter(app, options))
  return limiter
}

function createLimiter (app: FastifyInstance, options: RateLimitOptions & PolicyOptions): Limiter {
  const { policy } = options
  const { clock } = app.gateway
  const rules = bucketRules(options.limit, options.burst)
  const key = compileKey(options.key)
  const writeQuota = compileQuota(options.headers, policy, options.limit, rules)
  const buckets = takeBuckets(app.gateway, options)
  const count = countDecisions(app, policy, buckets)

  return (request, reply) => {
    const { exchange } = request
    const now = clock.now()
    const slot = buckets.slot(key.read(exchange), now)
    const taken = take(rules, buckets.get(slot), now)
    if (taken.allowed) buckets.set(slot, taken.tat)
    writeQuota(reply, taken)
    count(taken)
    exchange.decisions?.push(taken.allowed
      ? { by: policy, verdict: 'allowed', why: `${taken.remaining} of ${rules.capacity} left for ${key.describe(exchange)}` }
      : { by: policy, verdict: 'refused', why: `none of ${rules.capacity} left for ${key.describe(exchange)}, the next in ${Math.ceil(taken.retryAfter)}ms` })
    return taken.allowed ? undefined : refusal(policy, taken)
  }
}

function refusal (policy: string, taken: Taken): GatewayError {
  return new GatewayError('rate-limited', {
    headers: { 'retry-after': String(seconds(taken.retryAfter)) },
    // Member of draft-ietf-httpapi-ratelimit-headers for problem documents.
    members: { 'violated-policies': [policy] }
  })
}

/** Today's buckets of the policy. Their identity is what decides, so a reload that only changes `headers` or names a longer list of routes forgets nobody. */
function takeBuckets (gateway: GatewayApi, { policy, limit, burst, key, maxKeys }: RateLimitOptions & PolicyOptions): BucketStore {
  const { clock, leases, rehearsal } = gateway
  return leases.take<{ readonly buckets: BucketStore, readonly sweeper?: NodeJS.Timeout }>({
    kind: 'rate-limiting',
    key: policy,
    options: { limit, burst, key, maxKeys },
    create () {
      const buckets = new Buckets(maxKeys)
      return rehearsal ? { buckets } : { buckets, sweeper: setInterval(() => buckets.sweep(clock.now(), sweepCount), sweepEvery).unref() }
    },
    fork: ({ buckets }) => ({ buckets: buckets instanceof Buckets ? buckets.fork() : buckets }),
    close: ({ sweeper }) => clearInterval(sweeper)
  }).buckets
}

/** The policy's metrics, there at 0 before the first request. A rehearsal counts nothing. */
function countDecisions (app: FastifyInstance, policy: string, buckets: BucketStore): (taken: Taken) => void {
  if (app.gateway.rehearsal) return () => {}
  const refused = app.metrics.counter({ name: 'gateway_rate_limited_total', help: 'Requests refused by a rate limit.', labelNames: ['policy'] }).labels(policy)
  const decisions = app.metrics.counter({ name: 'gateway_rate_limit_decisions_total', help: 'Requests that a rate limit decided about.', labelNames: ['policy', 'decision'] })
  const allowed = decisions.labels(policy, 'allowed')
  const limited = decisions.labels(policy, 'refused')
  const keys = app.metrics.gauge({ name: 'gateway_rate_limit_keys', help: 'Clients or other keys that a rate limit keeps a bucket for.', labelNames: ['policy'] }).labels(policy)
  for (const counter of [refused, allowed, limited]) counter.inc(0)
  app.metrics.onScrape(() => keys.set(buckets.size))
  return taken => {
    if (taken.allowed) return allowed.inc()
    limited.inc()
    refused.inc()
  }
}

export default fp(rateLimiting, { name: 'rate-limiting', fastify: '5.x', dependencies: ['metrics'] })
