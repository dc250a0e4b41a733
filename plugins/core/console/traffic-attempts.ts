/** Attempts by target, as the metrics have counted them. */

import type { MetricsApi } from '../../../src/index.ts'
import { Increases } from './traffic-increases.ts'
import { percentile } from './traffic-percentile.ts'
import { Rates } from './traffic-rates.ts'
import { inMilliseconds, rounded } from './traffic-rounding.ts'
import { Shown } from './traffic-shown.ts'

/** Columns of a target. The buckets of durations are behind them. */
const column = { attempts: 0, failures: 1 } as const

const firstBucket = 2

/** The histogram of attempts has no more buckets. */
const mostBuckets = 16

/** A target as it is shown. Rates are per second, durations in milliseconds. */
export interface TargetTraffic {
  readonly rate: number
  /** Attempts that failed. */
  readonly errors: number
  readonly p50: number | null
  readonly p95: number | null
  /** Its part of the attempts of its upstream, from 0 to 1; null where there are none. */
  readonly share: number | null
  /** Since the start of the gateway. */
  readonly total: Readonly<Record<'attempts' | 'errors', number>>
}

/** An upstream, and where its targets are reached. */
export interface NamedTargets {
  readonly name: string
  readonly targets: readonly { readonly url: string }[]
}

export class AttemptFigures {
  readonly #rates: Rates
  readonly #shown = new Shown<Readonly<Record<string, TargetTraffic>>>()
  readonly #attempts = new Increases()
  readonly #durations = new Increases()
  #bounds: readonly number[] = []

  /** @param seconds how many seconds a rate is about */
  constructor (seconds: number) {
    this.#rates = new Rates(firstBucket + mostBuckets, seconds)
  }

  /** Reads what the last second has counted, for these upstreams; forgets all others. */
  look (metrics: Pick<MetricsApi, 'read'>, upstreams: Iterable<NamedTargets>, lasted: number): void {
    const rates = this.#rates
    const keys = new Set<string>()
    for (const { name, targets } of upstreams) for (const { url } of targets) keys.add(keyOf(name, url))
    const anew = rates.keep(keys)
    rates.advance(lasted)
    if (anew) {
      rates.beginTotals()
      this.#shown.clear()
    }
    const attempts = metrics.read('gateway_upstream_attempts_total')
    this.#attempts.look(attempts, anew, ({ upstream, target, outcome }, [increase = 0], [grown = 0]) => {
      const row = rates.find(keyOf(upstream!, target!))
      if (row === undefined) return
      rates.count(row, column.attempts, increase, grown)
      if (outcome === 'failure') rates.count(row, column.failures, increase, grown)
    })
    const durations = metrics.read('gateway_upstream_request_duration_seconds')
    this.#bounds = (durations?.bounds ?? []).slice(0, mostBuckets - 1)
    this.#durations.look(durations, false, ({ upstream, target }, increase) => {
      const row = rates.find(keyOf(upstream!, target!))
      if (row === undefined) return
      for (let bucket = 1; bucket < increase.length; bucket++) rates.add(row, firstBucket + bucket - 1, increase[bucket]!)
    })
  }

  /** The targets of an upstream by their URL. */
  upstream ({ name, targets }: NamedTargets): Readonly<Record<string, TargetTraffic>> {
    const rates = this.#rates
    const rows: [string, number][] = []
    for (const { url } of targets) {
      const row = rates.find(keyOf(name, url))
      if (row !== undefined) rows.push([url, row])
    }
    const state = rows.reduce((sum, [, row]) => sum + rates.state(row), 0)
    return this.#shown.of(name, state, () => {
      const all = rows.reduce((sum, [, row]) => sum + rates.recent(row, column.attempts), 0)
      return Object.fromEntries(rows.map(([url, row]) => [url, this.#target(row, all)]))
    })
  }

  /** @param all recent attempts of the upstream */
  #target (row: number, all: number): TargetTraffic {
    const rates = this.#rates
    const buckets = (bucket: number): number => rates.recent(row, firstBucket + bucket)
    return {
      rate: rounded(rates.rate(row, column.attempts)),
      errors: rounded(rates.rate(row, column.failures)),
      p50: inMilliseconds(percentile(this.#bounds, buckets, 0.5)),
      p95: inMilliseconds(percentile(this.#bounds, buckets, 0.95)),
      share: all === 0 ? null : rounded(rates.recent(row, column.attempts) / all),
      total: { attempts: rates.total(row, column.attempts), errors: rates.total(row, column.failures) }
    }
  }
}

/** Names and URLs have no line breaks. */
function keyOf (upstream: string | number, target: string | number): string {
  return `${upstream}\n${target}`
}
