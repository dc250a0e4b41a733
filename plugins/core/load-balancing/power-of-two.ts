/**
 * Power of two choices: of two open targets taken at random, the one with the lower cost. Two are enough to stay far away from the
 * most loaded target (Mitzenmacher 2001), and, unlike "the best of all", many gateways side by side do not run to the same target at once.
 *
 *   cost = latency × (requests open + 1) / weight
 */

import Type, { type Static } from 'typebox'
import { type Attempt, type Balancer, type BalancerContext, type Exchange, type Random, type Target, TimeSpan } from '../../../src/index.ts'
import { latencyAt, record, recordAtLeast, type Latency } from './peak-ewma.ts'

/** Options of `power-of-two`. */
export const PowerOfTwoSchema = Type.Object({
  decay: TimeSpan({ default: '10s', minimum: '1ms', description: 'How long a slow response has an effect: after this time its weight is ' +
    '1/e.' }),
  failurePenalty: TimeSpan({ default: '5s', description: 'The latency that a failed attempt counts as, however fast it failed, so that a ' +
    'target that responds 503 at once does not attract requests. A longer Retry-After counts instead, up to 5m. `0s` counts the real ' +
    'time.' })
}, { additionalProperties: false })

export type PowerOfTwoOptions = Static<typeof PowerOfTwoSchema>

/** The longest Retry-After that is respected, in milliseconds. */
const longestPenalty = 300_000

/** With an unknown latency the open requests of a target must still count. */
const leastLatency = 0.001

/** Latencies by URL of the target. */
type Latencies = Map<string, Latency>

/** A reload keeps the latencies; new targets begin with the mean of the others. */
export function createPowerOfTwo ({ upstream, leases, random, options }: BalancerContext<PowerOfTwoOptions>): PowerOfTwo {
  const latencies = leases.take<Latencies>({
    kind: 'power-of-two',
    key: upstream.name,
    create: () => new Map(),
    fork: live => new Map(Array.from(live, ([url, latency]) => [url, { ...latency }]))
  })
  const balancer = new PowerOfTwo(latencies, random, options)
  upstream.headObservers.push((attempt, now) => balancer.answered(attempt, now))
  upstream.observers.push((attempt, now) => balancer.settled(attempt, now))
  return balancer
}

export class PowerOfTwo implements Balancer {
  readonly #latencies: Latencies
  readonly #random: Random
  readonly #decay: number
  readonly #penalty: number
  /** The targets that were last seen; others are forgotten. */
  #targets: readonly Target[] | undefined

  constructor (latencies: Latencies, random: Random, { decay, failurePenalty }: PowerOfTwoOptions) {
    this.#latencies = latencies
    this.#random = random
    this.#decay = decay
    this.#penalty = failurePenalty
  }

  pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    if (open[0]!.upstream.targets !== this.#targets) this.#forget(open[0]!.upstream.targets)
    const first = Math.floor(this.#random() * open.length)
    const other = Math.floor(this.#random() * (open.length - 1))
    const a = open[first]!
    const b = open[other < first ? other : other + 1]!
    const picked = this.#cost(b, now) < this.#cost(a, now) ? b : a
    exchange.decisions?.push({
      by: 'load-balancing',
      verdict: 'cheaper',
      why: `of two by chance, ${this.#explain(picked, now)} against ${this.#explain(picked === a ? b : a, now)}`
    })
    return picked
  }

  /** The estimated latency of a target, in milliseconds; undefined before its first response. */
  latency (target: Target, now: number): number | undefined {
    const latency = this.#latencies.get(target.url)
    return latency === undefined ? undefined : latencyAt(latency, now, this.#decay)
  }

  describe (target: Target, now: number): string | undefined {
    const latency = this.latency(target, now)
    return latency === undefined ? undefined : `latency ${round(latency)} ms`
  }

  /** Measured up to the response headers: a long body does not make a target slow. */
  answered (attempt: Attempt, now: number): void {
    if (isFailure(attempt.statusCode!)) this.#punish(attempt, now)
    // The time in which the client sends its body is not the target's.
    else if (attempt.sentAt !== undefined) record(this.#latencyOf(attempt.target, now), now - attempt.sentAt, now, this.#decay)
  }

  settled (attempt: Attempt, now: number): void {
    const { outcome, statusCode, failure, target } = attempt
    const waited = now - (attempt.sentAt ?? now)
    if (outcome === 'failure' && (statusCode === undefined || failure !== undefined)) this.#punish(attempt, now)
    else if (outcome === 'ignored' && statusCode === undefined && waited > 0) recordAtLeast(
      this.#latencyOf(target, now),
      waited,
      now,
      this.#decay
    )
  }

  #punish (attempt: Attempt, now: number): void {
    const waited = now - (attempt.sentAt ?? attempt.startedAt)
    const asked = Math.min((attempt.retryAfter ?? 0) * 1000, longestPenalty)
    const penalty = this.#penalty === 0 ? 0 : Math.max(this.#penalty, asked)
    record(this.#latencyOf(attempt.target, now), Math.max(waited, penalty), now, this.#decay)
  }

  #cost (target: Target, now: number): number {
    const latency = this.#latencies.get(target.url) ?? this.#seed(target, now)
    const known = latency === undefined ? 0 : latencyAt(latency, now, this.#decay)
    return Math.max(known, leastLatency) * (target.load.active + 1) / target.weight
  }

  #latencyOf (target: Target, now: number): Latency {
    let latency = this.#latencies.get(target.url) ?? this.#seed(target, now)
    if (latency === undefined) this.#latencies.set(target.url, latency = { value: 0, at: now, assumed: true })
    return latency
  }

  /** A new target starts with the average latency. As the fastest it would get all requests, as the slowest none. */
  #seed (target: Target, now: number): Latency | undefined {
    if (this.#latencies.size === 0) return undefined
    let sum = 0
    for (const latency of this.#latencies.values()) sum += latencyAt(latency, now, this.#decay)
    const seeded = { value: sum / this.#latencies.size, at: now, assumed: true }
    this.#latencies.set(target.url, seeded)
    return seeded
  }

  #forget (targets: readonly Target[]): void {
    this.#targets = targets
    const stay = new Set(targets.map(target => target.url))
    for (const url of this.#latencies.keys()) if (!stay.has(url)) this.#latencies.delete(url)
  }

  #explain (target: Target, now: number): string {
    return `${target.url} costs ${round(this.#cost(target, now))} (${round(this.latency(target, now) ?? 0)} ms × ` +
      `${target.load.active + 1}${target.weight === 1 ? '' : ` / ${target.weight}`})`
  }
}

function isFailure (status: number): boolean {
  return status === 429 || status >= 500
}

function round (value: number): number {
  return Number(value.toPrecision(3))
}
