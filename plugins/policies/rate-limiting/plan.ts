/**
 * Compiles the options of a policy at boot: the limits of each tier, how the tier, cost and key of a request
 * are found, and the limits that clients see.
 */

import { createHash } from 'node:crypto'
import { compileKey, compileValue, type Exchange } from '../../../src/index.ts'
import { compileRules } from './algorithm.ts'
import { compileExemption, type Exemption } from './exemption.ts'
import { ratesOf, tiersOf, type RateLimitOptions, type TierOptions } from './options.ts'
import { compileQuota, promises, type Promised, type WriteQuota } from './quota-fields.ts'
import type { SharedRules } from './shared-limit.ts'
import type { Rule } from './rule.ts'

/** The limits of a policy, or of one of its tiers. */
export interface Tier extends SharedRules {
  readonly name: string | undefined
  /** What its keys begin with: empty for the policy's own limits. */
  readonly prefix: string
  /** The most concurrent requests, for `concurrency`, which has no rules. */
  readonly atOnce: number
  readonly promised: readonly Promised[]
  readonly writeQuota: WriteQuota
}

/** A compiled policy. */
export interface Plan {
  readonly exemption: Exemption | undefined
  /** The tier of a request. */
  tier (exchange: Exchange): Tier
  readonly tiers: readonly Tier[]
  /** How many units a request takes. */
  cost (exchange: Exchange): number
  /** The key of a request, including its tier. */
  key (exchange: Exchange, tier: Tier): string
  /** The key in readable form. */
  describe (exchange: Exchange): string
  /** The tier of a key that `key` returned, or of the beginning of one. */
  tierOf (key: string): Tier
  /** A key that `key` returned, or the beginning of one, in readable form and without secrets. */
  show (key: string): string
  /** Whether key, tier or exemption depend on the claims of the client. */
  readonly readsClaims: boolean
}

/** Compiles the options of a policy. */
export function compilePlan (policy: string, options: RateLimitOptions): Plan {
  const key = compileKey(options.key)
  const own = compileTier(policy, options, undefined, options)
  const others = new Map(tiersOf(options.tiers).map(([name, tier]) => [name, compileTier(policy, options, name, tier)]))
  const byPrefix = new Map([own, ...others.values()].map(tier => [tier.prefix, tier]))
  const readTier = options.tiers === undefined ? undefined : compileValue(options.tiers.by)
  const costs = new Map(Object.entries(options.cost))
  return {
    exemption: compileExemption(options.exempt),
    tier: readTier === undefined ? () => own : exchange => others.get(readTier(exchange) ?? '') ?? own,
    tiers: [own, ...others.values()],
    cost: costs.size === 0 ? () => 1 : exchange => costs.get(exchange.route?.name ?? '') ?? 1,
    key: (exchange, { prefix }) => prefix === '' ? key.read(exchange) : prefix + key.read(exchange),
    describe: exchange => key.describe(exchange),
    tierOf: text => byPrefix.get(prefixOf(text)) ?? own,
    show: text => {
      const rest = text.slice(prefixOf(text).length)
      return rest === '' ? 'further keys together' : key.show(rest)
    },
    readsClaims: [options.key, options.tiers?.by ?? [], options.exempt].flat().some(text => text.startsWith('claim:'))
  }
}

/** The most bytes of a tier's name in keys. */
const longestName = 8

/**
 * What the keys of a tier begin with. No other key begins with a zero byte, so a client cannot forge the key of a tier. A digest stands for
 * a long name, because memory that threads share keeps only the beginning of a key.
 */
function tierPrefix (name: string | undefined): string {
  if (name === undefined) return ''
  const short = Buffer.byteLength(name) <= longestName
  return `\0${short ? name : createHash('sha256').update(name).digest('base64url').slice(0, longestName)}\0`
}

function prefixOf (text: string): string {
  return text.startsWith('\0') ? text.slice(0, text.indexOf('\0', 1) + 1) : ''
}

function compileTier (
  policy: string,
  { algorithm, key, headers, mode, store }: RateLimitOptions,
  name: string | undefined,
  { limit, burst }: TierOptions
): Tier {
  const rules: Rule[] = algorithm === 'concurrency' ? [] : compileRules(algorithm, ratesOf(limit), burst)
  const promised: Promised[] = typeof limit === 'number' ? [{ name: policy, capacity: limit, rate: undefined }] : promises(policy, rules)
  // Gateways whose limits differ must not read each other's counts.
  const identity = createHash('sha256').update(JSON.stringify([
    algorithm,
    rules.map(({ rate, capacity }) => [rate, capacity]),
    key
  ])).digest('base64url').slice(0, 8)
  return {
    name,
    prefix: tierPrefix(name),
    algorithm: algorithm === 'concurrency' ? 'token-bucket' : algorithm,
    rules,
    atOnce: typeof limit === 'number' ? limit : 0,
    // The text in braces (hash tag) selects the node of a cluster. It contains the client, so that clients are spread over the nodes.
    keyPrefix: `${store?.prefix ?? ''}{${policy}:${identity}:`,
    promised,
    // In report mode clients do not see the limits.
    writeQuota: mode === 'report' ? () => {} : compileQuota(headers, promised)
  }
}
