/** The compiled `retry` options of an upstream: what is retried, how often, and the measured latencies. */

import type { Holder } from '../../contract/holder.ts'
import type { Retries } from '../../contract/retries.ts'
import { grpcStatus, type GrpcStatusName } from '../../http/grpc/status.ts'
import { failureGroups, type FailureGroup } from '../failure.ts'
import { withFallbacks } from '../../upstream/fallback.ts'
import { latencyCells, LatencyQuantile } from './latency-quantile.ts'
import { RetryBudget, retryBudgetCells } from './retry-budget.ts'
import type { UpstreamIdentity } from '../../contract/target.ts'
import type { Upstream } from '../../contract/upstream.ts'

/** Returns the retry rules and state of an upstream that {@link prepareRetries} has prepared. */
export function retriesOf ({ retries }: Pick<UpstreamIdentity, 'retries'>): Retries {
  return retries!
}

/**
 * Prepares the retries of an upstream before its first request. Budget and latencies continue from an earlier generation with the same
 * rules.
 */
export function prepareRetries (upstream: Upstream, holder: Pick<Holder, 'state' | 'count'>): Retries {
  const { attempts, on, methods, backoff, retryAfter, hedge } = upstream.config.retry
  const retries: Retries = {
    attempts,
    failures: new Set(on.flatMap((item): readonly string[] => isFailureGroup(item) ? failureGroups[item] : [])),
    grpcStatuses: new Set(on.flatMap(item => typeof item === 'string' && item.startsWith(grpcPrefix) ? [grpcStatusOf(item)] : [])),
    statuses: new Set(on.filter(item => typeof item === 'number')),
    methods: new Set(methods),
    bufferBody: Math.max(...withFallbacks(upstream).map(({ config }) => config.retry.bufferBody)),
    backoff,
    retryAfter,
    budget: retryBudget(upstream, holder),
    hedgeAfter: hedge === undefined ? () => undefined : hedge.after === 'p95' ? observed(upstream, holder) : always(hedge.after)
  }
  upstream.retries = retries
  return retries
}

function retryBudget ({ name, lock, config }: Upstream, { state, count }: Pick<Holder, 'state' | 'count'>): RetryBudget {
  const { budget } = config.retry
  const identity = { kind: 'retry-budget', key: name, options: budget }
  return new RetryBudget(budget.ratio, budget.minimum, state({ ...identity, cells: retryBudgetCells }), {
    first: count({ ...identity, options: ['first', budget] }),
    extra: count({ ...identity, options: ['extra', budget] }),
    lock
  })
}

function isFailureGroup (item: string | number): item is FailureGroup {
  return Object.hasOwn(failureGroups, item)
}

const grpcPrefix = 'grpc-'

/** `grpc-data-loss` is DATA_LOSS. */
function grpcStatusOf (item: string): number {
  return grpcStatus[item.slice(grpcPrefix.length).toUpperCase().replaceAll('-', '_') as GrpcStatusName]
}

function always (milliseconds: number): () => number {
  return () => milliseconds
}

function observed (upstream: Upstream, { state }: Pick<Holder, 'state'>): () => number | undefined {
  const latency = new LatencyQuantile(0.95, state({ kind: 'latency', key: upstream.name, cells: latencyCells }))
  upstream.observers.push(attempt => {
    if (attempt.answeredAt !== undefined) latency.add(attempt.answeredAt - attempt.startedAt)
  })
  return () => latency.value
}
