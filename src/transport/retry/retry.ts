/** `upstreams.*.retry`, ready for use: what is worth another attempt, how many there may be, and what was learnt about latencies. */

import type { LeaseHolder } from '../../contract/leases.ts'
import type { BackoffRules } from './backoff.ts'
import { failureGroups, type FailureGroup } from '../failure.ts'
import { withFallbacks } from '../../upstream/fallback.ts'
import { LatencyQuantile } from './latency-quantile.ts'
import { RetryBudget } from './retry-budget.ts'
import type { UpstreamIdentity } from '../../contract/target.ts'
import type { Upstream } from '../../contract/upstream.ts'

export interface Retries {
  readonly attempts: number
  /** Codes of failures. */
  readonly failures: ReadonlySet<string>
  readonly statuses: ReadonlySet<number>
  readonly methods: ReadonlySet<string>
  /** Largest body that is read whole first, in bytes: before it is known whether a fallback will send it, so the most that one of them asks for. */
  readonly bufferBody: number
  readonly backoff: BackoffRules
  /** Longest Retry-After that is waited for, in milliseconds. */
  readonly retryAfter: number
  readonly budget: RetryBudget
  /** Milliseconds of silence after which a second target is asked; undefined for never, or not yet. */
  hedgeAfter (): number | undefined
}

const prepared = new WeakMap<UpstreamIdentity, Retries>()

/** The rules and the state of an upstream's retries. */
export function retriesOf (upstream: UpstreamIdentity): Retries {
  return prepared.get(upstream)!
}

/** Prepares an upstream for its first request. Budget and latencies are those that an earlier generation left, if it had the same rules. */
export function prepareRetries (upstream: Upstream, leases: LeaseHolder): Retries {
  const { attempts, on, methods, backoff, retryAfter, budget, hedge } = upstream.config.retry
  const retries: Retries = {
    attempts,
    failures: new Set(on.filter(item => typeof item === 'string').flatMap((group: FailureGroup): readonly string[] => failureGroups[group])),
    statuses: new Set(on.filter(item => typeof item === 'number')),
    methods: new Set(methods),
    bufferBody: Math.max(...withFallbacks(upstream).map(({ config }) => config.retry.bufferBody)),
    backoff,
    retryAfter,
    budget: leases.take({ kind: 'retry-budget', key: upstream.name, options: budget, create: () => new RetryBudget(budget.ratio, budget.minimum) }),
    hedgeAfter: hedge === undefined ? () => undefined : hedge.after === 'p95' ? observed(upstream, leases) : always(hedge.after)
  }
  prepared.set(upstream, retries)
  return retries
}

function always (milliseconds: number): () => number {
  return () => milliseconds
}

function observed (upstream: Upstream, leases: LeaseHolder): () => number | undefined {
  const latency = leases.take({ kind: 'latency', key: upstream.name, create: () => new LatencyQuantile(0.95) })
  upstream.observers.push(attempt => {
    if (attempt.answeredAt !== undefined) latency.add(attempt.answeredAt - attempt.startedAt)
  })
  return () => latency.value
}
