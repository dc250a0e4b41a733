/** An upstream: a named group of interchangeable targets with one balancer and any number of gates. */

import { GatewayError } from '../errors.ts'
import { Attempt } from './attempt.ts'
import type { Balancer } from './balancer.ts'
import type { Exchange } from './exchange.ts'
import type { GateFactory, TargetFilter } from './gate.ts'
import type { Target } from './target.ts'
import type { UpstreamConfig } from '../config/types.ts'

/** Told of every attempt, once, when it is settled. */
export type AttemptObserver = (attempt: Attempt, now: number) => void

export class Upstream {
  readonly name: string
  readonly config: UpstreamConfig
  readonly observers: AttemptObserver[] = []
  /** While a smaller share of the targets than this is open, gates that fail open are overruled; 0 overrules them only when none is open. */
  panicBelow = 0
  /** Set by the load-balancing plugin before the first request. */
  balancer: Balancer | undefined
  #targets: readonly Target[] = []
  readonly #gates: GateFactory[] = []
  readonly #filters: TargetFilter[] = []
  /** Reused for the open targets of one selection, so that picking allocates nothing. */
  readonly #open: Target[] = []
  /** How many were open at the last look, those already tried included. */
  #openCount = 0

  constructor (name: string, config: UpstreamConfig) {
    this.name = name
    this.config = config
  }

  get targets (): readonly Target[] {
    return this.#targets
  }

  /** Replaces the targets. New ones get all gates; those that stay keep theirs. */
  setTargets (targets: readonly Target[]): void {
    for (const target of targets) {
      if (!this.#targets.includes(target)) for (const create of this.#gates) addGate(target, create)
    }
    this.#targets = targets
  }

  /** Puts a gate before every target, also those that join later. */
  addGate (create: GateFactory): void {
    this.#gates.push(create)
    for (const target of this.#targets) addGate(target, create)
  }

  /** Adds a filter behind those that are there. */
  addFilter (filter: TargetFilter): void {
    this.#filters.push(filter)
  }

  /**
   * Selects a target for an exchange and enters it: targets → all gates that permit → those not yet tried → filters → balancer → gates entered.
   * First attempts and retries come through here alike.
   * @throws GatewayError `no-target` when every target is closed; Retry-After says when the first may open.
   */
  select (exchange: Exchange, now: number): Attempt {
    let open = this.#permitted(exchange, now)
    for (const filter of this.#filters) if (open.length > 1) open = filter(open, exchange, now)
    const target = open.length === 1 ? open[0]! : this.#pick(open, exchange, now)
    exchange.decisions?.push({ by: 'load-balancing', verdict: 'selected', why: `${target.url}, one of ${open.length} open targets of ${this.name}` })
    const attempt = new Attempt(target, now)
    target.enter(attempt, now)
    exchange.attempts.push(attempt)
    return attempt
  }

  #pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    return this.balancer === undefined ? open[0]! : this.balancer.pick(open, exchange, now)
  }

  #permitted (exchange: Exchange, now: number): readonly Target[] {
    const open = this.#collect(exchange, now, false)
    if (open.length > 0 && this.#openCount >= this.panicBelow * this.#targets.length) return open
    const some = open.length
    const overruled = this.#collect(exchange, now, true)
    if (overruled.length === 0) throw this.#closed(now)
    if (overruled.length > some) exchange.decisions?.push({ by: 'health-checks', verdict: 'fail-open', why: `only ${some} of ${this.#targets.length} targets are open, so health is not heeded` })
    return overruled
  }

  #collect (exchange: Exchange, now: number, overrule: boolean): readonly Target[] {
    const open = this.#open
    open.length = 0
    let fresh = 0
    for (const target of this.#targets) {
      const gate = target.weight === 0 ? 'weight 0' : target.closedBy(now, overrule)
      if (gate !== undefined) {
        if (exchange.decisions !== undefined && !overrule) exchange.decisions.push(closing(target, gate, now))
        continue
      }
      open.push(target)
      if (!exchange.tried(target)) fresh++
    }
    this.#openCount = open.length
    if (fresh === open.length) return open.length === this.#targets.length ? this.#targets : open
    // A retry goes to another target as long as there is one.
    return fresh === 0 ? open : open.filter(target => !exchange.tried(target))
  }

  #closed (now: number): GatewayError {
    let opensAt = Infinity
    for (const target of this.#targets) {
      for (const gate of target.gates) {
        if (!gate.permits(now)) opensAt = Math.min(opensAt, gate.describe(now).opensAt ?? Infinity)
      }
    }
    const seconds = Number.isFinite(opensAt) ? Math.max(1, Math.ceil((opensAt - now) / 1000)) : 1
    return new GatewayError('no-target', { headers: { 'retry-after': String(seconds) } })
  }
}

function addGate (target: Target, create: GateFactory): void {
  const gate = create(target)
  if (gate !== undefined) target.gates.push(gate)
}

function closing (target: Target, gate: 'weight 0' | Target['gates'][number], now: number): { by: string, verdict: string, why: string } {
  if (gate === 'weight 0') return { by: 'load-balancing', verdict: 'drained', why: `${target.url} has weight 0` }
  const { state, why } = gate.describe(now)
  return { by: gate.name, verdict: 'closed', why: `${target.url} is ${state}${why === undefined ? '' : ` (${why})`}` }
}
