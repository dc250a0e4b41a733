/** The options of a rate limit, as written in the configuration. */

import Type, { type Static, type TSchema } from '#typebox'
import { Duration, Enum, keyProblem, Rate, type Report } from '../../../src/index.ts'
import { child, type RateValue } from '../../../src/config/index.ts'
import { algorithms } from './algorithm.ts'
import { exemptionProblem } from './exemption.ts'
import { quotaStyles } from './quota-fields.ts'

const strict = { additionalProperties: false } as const

const rate = (): TSchema => Rate({ examples: ['5/s', '100/m', '1/10s'] })
const LimitSchema = Type.Unsafe<RateValue | number | RateValue[]>(Type.Union([
  rate(),
  Type.Integer({ minimum: 1, maximum: 1_000_000_000 }),
  Type.Array(rate(), { minItems: 1, maxItems: 8 })
], {
  expected: 'a rate such as 5/s, a list of rates, or a number for algorithm: concurrency',
  description: 'The number of requests per period. With a list, a request passes only if every limit allows it, and counts for none ' +
    'otherwise. For `algorithm: concurrency` a number: the most concurrent requests.',
  examples: ['5/s', '100/m', ['10/s', '1000/h'], 20]
}))

const BurstSchema = Type.Integer({
  minimum: 1,
  maximum: 1_000_000_000,
  description: 'Burst size of a token bucket; with several limits, that of the shortest window. With `limit: 5/s, burst: 4` four ' +
    'requests pass at once, then one every 200 ms; 1 spaces all requests evenly. Default: the number in the limit.'
})

const TierSchema = Type.Object({ limit: LimitSchema, burst: Type.Optional(BurstSchema) }, strict)

const StoreSchema = Type.Object({
  redis: Type.Unsafe<string>({
    type: 'string',
    pattern: '^(rediss?://[^/]|unix://.*/.)',
    secret: true,
    expected: 'a redis://, rediss:// or unix:// URL',
    description: 'URL of Redis: `redis://user:password@host:6379/0`, `rediss://…` with TLS, or `unix:///run/redis.sock`.'
  }),
  prefix: Type.String({
    default: 'onedoor:',
    minLength: 1,
    maxLength: 100,
    pattern: '^[^{}]*$',
    description: 'Prefix of all keys in Redis. Gateways that share limits need the same prefix.'
  }),
  timeout: Duration({
    default: '50ms',
    minimum: '1ms',
    maximum: '5s',
    description: 'Timeout of a decision by Redis. After a timeout Redis counts as unavailable until it responds again.'
  }),
  whenUnavailable: Enum(['local', 'refuse'], {
    default: 'local',
    description: 'What happens while Redis is unavailable: with `local` each gateway enforces its fair share of the limit, with `refuse` ' +
      'requests are rejected with 503 `limiter-unavailable`.'
  }),
  lease: Duration({
    default: '100ms',
    maximum: '10s',
    description: 'For a frequent key the gateway takes in advance the units that it is likely to need in this time, at most a tenth of ' +
      'the limit for all gateways together, and decides without a call to Redis. `0s` calls Redis for every request.'
  })
}, { ...strict, description: 'Redis store for a limit that several gateways share. Without it each gateway counts by itself.' })

/** The options of the policy. */
export const RateLimitSchema = Type.Object({
  limit: LimitSchema,
  burst: Type.Optional(BurstSchema),
  algorithm: Enum(algorithms, {
    default: 'token-bucket',
    description: '`token-bucket`: a steady rate with bursts. `sliding-window`: at most so many requests in any window, estimated from ' +
      'two counts. `fixed-window`: a count that restarts with every window. `concurrency`: the number of concurrent requests.'
  }),
  key: Type.Union([Type.String(), Type.Array(Type.String(), { minItems: 1, maxItems: 8 })], {
    default: 'ip',
    expected: 'a key such as ip or header:x-api-key, or a list of them',
    description: 'The key that requests are counted by: `ip` (an IPv6 client is its /64 network), `header:NAME`, `cookie:NAME`, ' +
      '`query:NAME` (all values of a repeated one), `param:NAME` (of the path), `claim:NAME` (of the token that an earlier policy ' +
      'verified), `route` (by its name), `path` (decoded, as routes match it), `global`, or a list, which counts every combination ' +
      'separately. A request without such a value is counted by its address. Clients can send any header or cookie, so use these only ' +
      'where an earlier policy has checked them.',
    examples: ['ip', 'header:x-api-key', ['route', 'claim:sub']]
  }),
  cost: Type.Record(Type.String(), Type.Integer({ minimum: 0, maximum: 1_000_000 }), {
    default: {},
    description: 'How many units a request to a route takes, by the name of the route (its path unless it has a name). Default 1; 0 for ' +
      'a route that is not counted.',
    examples: [{ '/export': 10 }]
  }),
  tiers: Type.Optional(Type.Object({
    by: Type.String({ description: 'The value that selects the tier of a request, written like `key`.', examples: ['claim:plan'] })
  }, {
    additionalProperties: TierSchema,
    description: 'Different limits for some clients: the value that selects the tier, and `limit` and `burst` for each value. Requests ' +
      'with no or another value get the limits of the policy.',
    examples: [{ by: 'claim:plan', gold: { limit: '100/s' } }]
  })),
  exempt: Type.Array(Type.String(), {
    default: [],
    description: 'Requests that are neither limited nor counted: networks (`10.0.0.0/8`, an address, `loopback`, `private`), or a key ' +
      'with its value (`claim:plan=internal`).',
    examples: [['10.0.0.0/8', 'claim:plan=internal']]
  }),
  mode: Enum(['enforce', 'report'], {
    default: 'enforce',
    description: '`report` rejects nothing and sends no header fields, but counts, and shows in metrics, log and `explain` what ' +
      '`enforce` would do.'
  }),
  store: Type.Optional(StoreSchema),
  maxKeys: Type.Integer({
    default: 100_000,
    minimum: 1,
    maximum: 10_000_000,
    description: 'The most keys that are counted separately, about 150 bytes each. When all of them are in use, further keys share one ' +
      'limit, or one number of concurrent requests, until there is room.'
  }),
  headers: Enum(quotaStyles, {
    default: 'draft',
    description: 'Response header fields with the remaining limit: `draft` is `RateLimit` and `RateLimit-Policy` ' +
      '(draft-ietf-httpapi-ratelimit-headers), `x-ratelimit` is `X-RateLimit-Limit`, `-Remaining` and `-Reset`. Fields of the same name ' +
      'from the upstream replace them.'
  })
}, strict)

export type StoreOptions = Static<typeof StoreSchema>
export type TierOptions = Static<typeof TierSchema>
export type RateLimitOptions = Omit<Static<typeof RateLimitSchema>, 'tiers'> & { readonly tiers?: Tiers }

/** `tiers`: where the tier is read from, and the limits by its value. */
export interface Tiers {
  readonly by: string
  readonly [value: string]: TierOptions | string
}

/** The tiers by their values. */
export function tiersOf (tiers: Tiers | undefined): [value: string, options: TierOptions][] {
  return Object.entries(tiers ?? {}).filter((entry): entry is [string, TierOptions] => typeof entry[1] !== 'string')
}

/** The limits of a policy or tier as a list; empty for a number. */
export function ratesOf (limit: RateLimitOptions['limit']): readonly RateValue[] {
  if (typeof limit === 'number') return []
  return Array.isArray(limit) ? limit : [limit]
}

/** The highest cost of a request that can pass. */
export function mostAtOnce ({ limit, burst }: TierOptions): number {
  if (typeof limit === 'number') return limit
  const rates = ratesOf(limit)
  const shortest = Math.min(...rates.map(({ window }) => window))
  return Math.min(...rates.map(rate => rate.window === shortest ? burst ?? rate.limit : rate.limit))
}

/** Checks what the schema cannot express, for one use of the policy. */
export function checkRateLimit (options: RateLimitOptions, report: Report): void {
  const limits: [pointer: string, options: TierOptions][] = [
    ['', options],
    ...tiersOf(options.tiers).map(([value, tier]): [string, TierOptions] => [child('/tiers', value), tier])
  ]
  for (const [pointer, tier] of limits) {
    checkLimit(tier, options.algorithm, problem => report({ ...problem, pointer: pointer + problem.pointer }))
  }
  const keys = typeof options.key === 'string' ? [options.key] : options.key
  for (const [index, key] of keys.entries()) checkKey(key, typeof options.key === 'string' ? '/key' : `/key/${index}`, report)
  if (options.tiers !== undefined) checkKey(options.tiers.by, '/tiers/by', report)
  for (const [index, text] of options.exempt.entries()) {
    const message = exemptionProblem(text)
    if (message !== undefined) report({ pointer: `/exempt/${index}`, message })
  }
  if (options.store !== undefined && !isAddress(options.store.redis)) {
    report({ pointer: '/store/redis', message: 'is not a URL', hint: 'redis: redis://host:6379' })
  }
  if (options.algorithm === 'concurrency' && options.store !== undefined) {
    report({
      pointer: '/store',
      message: 'is not for concurrency: what is on its way is counted by each gateway itself',
      hint: 'divide the number by the number of gateways'
    })
  }
}

function checkLimit ({ limit, burst }: TierOptions, algorithm: RateLimitOptions['algorithm'], report: Report): void {
  if (algorithm === 'concurrency') {
    if (typeof limit !== 'number') report({
      pointer: '/limit',
      message: 'must be a number for concurrency: how many at once',
      hint: 'limit: 20'
    })
  } else if (typeof limit === 'number') {
    report({ pointer: '/limit', message: `must be a rate for ${algorithm}`, hint: `limit: ${limit}/s` })
  } else {
    for (const [index, rate] of ratesOf(limit).entries()) {
      if (rate.limit === 0) {
        report({
          pointer: Array.isArray(limit) ? `/limit/${index}` : '/limit',
          message: 'must let at least one request through',
          hint: 'limit: 1/m'
        })
      }
    }
  }
  if (burst !== undefined && algorithm !== 'token-bucket') {
    report({ pointer: '/burst', message: `is for token-bucket only, not for ${algorithm}` })
  }
}

function checkKey (key: string, pointer: string, report: Report): void {
  const message = keyProblem(key)
  if (message !== undefined) report({ pointer, message })
}

/** The URL of a Unix socket may have a user and password without a host. */
function isAddress (url: string): boolean {
  return url.startsWith('unix:') || URL.canParse(url)
}
