/** Metrics of rate limiting. */

/** The part of `app.metrics` that is needed. */
export interface InstrumentSource {
  counter (definition: { name: string, help: string, labelNames: string[] }): { labels (...values: string[]): { inc (by?: number): void } }
  gauge (definition: { name: string, help: string, labelNames: string[] }): { labels (...values: string[]): { set (value: number): void } }
  onScrape (listener: () => void): void
}

/**
 * The outcome of a request: admitted, rejected, exempt, rejected in report mode only, or failed because of the store.
 */
export type Outcome = 'allowed' | 'refused' | 'exempt' | 'reported' | 'unavailable'

const outcomes = ['allowed', 'refused', 'exempt', 'reported', 'unavailable'] as const satisfies readonly Outcome[]

/** The state that is read at a scrape. */
export interface Observed {
  readonly keys: () => number
  /** Whether the store is available and how many gateways share it; undefined without a store. */
  readonly store: { readonly up: () => boolean, readonly gateways: () => number } | undefined
}

/** Counts the decisions of a policy; with a store, by what decided. */
export interface Instruments {
  count (outcome: Outcome): void
  decided (by: string): void
}

/** Creates the metrics of a policy, at 0 before the first request. */
export function createInstruments (metrics: InstrumentSource, policy: string, { keys, store }: Observed): Instruments {
  const refused = metrics.counter({
    name: 'gateway_rate_limited_total',
    help: 'Requests refused by a rate limit.',
    labelNames: ['policy']
  }).labels(policy)
  const decisions = metrics.counter({
    name: 'gateway_rate_limit_decisions_total',
    help: 'Requests that a rate limit decided about.',
    labelNames: ['policy', 'decision']
  })
  const size = metrics.gauge({
    name: 'gateway_rate_limit_keys',
    help: 'Clients or other keys that a rate limit keeps a bucket for.',
    labelNames: ['policy']
  }).labels(policy)
  const counters = Object.fromEntries(outcomes.map(outcome => [
    outcome,
    decisions.labels(policy, outcome)
  ])) as Record<Outcome, { inc (by?: number): void }>
  for (const counter of [refused, ...Object.values(counters)]) counter.inc(0)
  metrics.onScrape(() => size.set(keys()))
  const decided = store === undefined ? () => {} : storeInstruments(metrics, policy, store)
  return {
    count (outcome) {
      counters[outcome].inc()
      if (outcome === 'refused') refused.inc()
    },
    decided
  }
}

/** A rehearsal counts nothing. */
export const noInstruments: Instruments = { count () {}, decided () {} }

function storeInstruments (
  metrics: InstrumentSource,
  policy: string,
  { up, gateways }: NonNullable<Observed['store']>
): (by: string) => void {
  const upGauge = metrics.gauge({
    name: 'gateway_rate_limit_store_up',
    help: 'Whether the store of a rate limit responds.',
    labelNames: ['policy']
  }).labels(policy)
  const gatewaysGauge = metrics.gauge({
    name: 'gateway_rate_limit_store_gateways',
    help: 'Gateways that share the store of a rate limit, as last heard.',
    labelNames: ['policy']
  }).labels(policy)
  const deciders = metrics.counter({
    name: 'gateway_rate_limit_store_decisions_total',
    help: 'Who decided: redis, a lease taken from it in advance, or this gateway alone (local).',
    labelNames: ['policy', 'by']
  })
  const counters = new Map(['redis', 'lease', 'local'].map(by => [by, deciders.labels(policy, by)]))
  for (const counter of counters.values()) counter.inc(0)
  metrics.onScrape(() => {
    upGauge.set(up() ? 1 : 0)
    gatewaysGauge.set(gateways())
  })
  return by => counters.get(by)?.inc()
}
