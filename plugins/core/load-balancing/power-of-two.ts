/**
 * Power of two choices: of two open targets taken at random, the one with the lower cost. Two are enough to stay far away from the
 * most loaded target (Mitzenmacher 2001), and, unlike "the best of all", many gateways side by side do not run to the same target at once.
 *
 *   cost = latency × (requests open + 1) / weight
 */

import Type, { type Static } from '#typebox'
import { type Attempt, type Balancer, type BalancerContext, type Exchange, type Random, type Target, TimeSpan } from '../../../src/index.ts'
import { KeptLatency, latencyAt, latencyCells, record, recordAtLeast } from './peak-ewma.ts'
import { PerTarget } from './per-target.ts'

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

/** A reload keeps the latencies; new targets begin with the mean of the others. */
export function createPowerOfTwo (context: BalancerContext<PowerOfTwoOptions>): PowerOfTwo {
  const { upstream, random, options } = context
  const kept = { kind: 'power-of-two', cells: latencyCells, create: (cells: Float64Array) => new KeptLatency(cells) }
  const balancer = new PowerOfTwo(new PerTarget(context, kept), random, options)
  upstream.headObservers.push((attempt, now) => balancer.answered(attempt, now))
  upstream.observers.push((attempt, now) => balancer.settled(attempt, now))
  return balancer
}

export class PowerOfTwo implements Balancer {
  readonly #latencies: PerTarget<KeptLatency>
  readonly #random: Random
  readonly #decay: number
  readonly #penalty: number

  constructor (latencies: PerTarget<KeptLatency>, random: Random, { decay, failurePenalty }: PowerOfTwoOptions) {
    this.#latencies = latencies
    this.#random = random
    this.#decay = decay
    this.#penalty = failurePenalty
  }

  pick (open: readonly Target[], exchange: Exchange, now: number): Target {
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
    const latency = this.#latencies.of(target)
    return latency?.known === true ? latencyAt(latency, now, this.#decay) : undefined
  }

  describe (target: Target, now: number): string | undefined {
    const latency = this.latency(target, now)
    return latency === undefined ? undefined : `latency ${round(latency)} ms`
  }

  /** Measured up to the response headers: a long body does not make a target slow. */
  answered (attempt: Attempt, now: number): void {
    if (isFailure(attempt.statusCode!)) this.#punish(attempt, now)
    // The time in which the client sends its body is not the target's.
    else if (attempt.sentAt !== undefined) this.#record(attempt.target, now - attempt.sentAt, now)
  }

  settled (attempt: Attempt, now: number): void {
    const { outcome, statusCode, failure, target } = attempt
    const waited = now - (attempt.sentAt ?? now)
    if (outcome === 'failure' && (statusCode === undefined || failure !== undefined)) this.#punish(attempt, now)
    else if (outcome === 'ignored' && statusCode === undefined && waited > 0) {
      const latency = this.#latencyOf(target, now)
      if (latency !== undefined) recordAtLeast(latency, waited, now, this.#decay)
    }
  }

  #punish (attempt: Attempt, now: number): void {
    const waited = now - (attempt.sentAt ?? attempt.startedAt)
    const asked = Math.min((attempt.retryAfter ?? 0) * 1000, longestPenalty)
    const penalty = this.#penalty === 0 ? 0 : Math.max(this.#penalty, asked)
    this.#record(attempt.target, Math.max(waited, penalty), now)
  }

  #cost (target: Target, now: number): number {
    const latency = this.#latencyOf(target, now)
    const known = latency === undefined ? 0 : latencyAt(latency, now, this.#decay)
    return Math.max(known, leastLatency) * (target.load.active + 1) / target.weight
  }

  #record (target: Target, latency: number, now: number): void {
    const kept = this.#latencyOf(target, now)
    if (kept !== undefined) record(kept, latency, now, this.#decay)
  }

  /** Undefined for a target that has left. */
  #latencyOf (target: Target, now: number): KeptLatency | undefined {
    const latency = this.#latencies.of(target)
    if (latency?.known === false) this.#seed(latency, now)
    return latency
  }

  /** A new target starts with the average latency. As the fastest it would get all requests, as the slowest none. */
  #seed (seeded: KeptLatency, now: number): void {
    let [sum, count] = [0, 0]
    for (const latency of this.#latencies.all) {
      if (!latency.known) continue
      sum += latencyAt(latency, now, this.#decay)
      count++
    }
    if (count === 0) return
    seeded.value = sum / count
    seeded.at = now
    seeded.assumed = true
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
