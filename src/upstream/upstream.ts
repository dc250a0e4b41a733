/** An upstream: a named group of interchangeable targets with one balancer and any number of gates. */

import { GatewayError } from '../contract/errors.ts'
import { Attempt } from '../transport/attempt.ts'
import type { Balancer } from '../contract/balancer.ts'
import type { Decision, Exchange } from '../exchange/exchange.ts'
import type { GateFactory, TargetFilter } from '../contract/gate.ts'
import type { Fallback } from './fallback.ts'
import type { TargetDefinition, Target } from './target.ts'
import type { UpstreamConfig } from '../config/types.ts'

/** Told of every attempt, once, when it is settled. */
export type AttemptObserver = (attempt: Attempt, now: number) => void

/** Adds fields, `[name, value, …]`, to what one attempt sends. Names are in lower case and in `gateway.ownedFields`. */
export type FieldWriter = (exchange: Exchange, attempt: Attempt, fields: string[]) => void

/** Members that `/upstreams` shows of a target; undefined where there is nothing to say. Changes no state. */
export type TargetNote = (target: Target, now: number) => Readonly<Record<string, unknown>> | undefined

/**
 * Looks at every attempt before a target is selected for it, and gives the error that refuses it, or undefined. A retry that is refused
 * is not made: the failure at hand stands.
 */
export type Admission = (exchange: Exchange, now: number) => GatewayError | undefined

/** Where an attempt may go, beyond what gates and filters say. */
export interface Choice {
  /** Targets for which this is false are passed over. */
  readonly allows: (target: Target) => boolean
  /** Whether gates that fail open are overruled when no other target is left. */
  readonly overrule: boolean
}

/** What an upstream needs to take in the targets that sources find. */
export interface UpstreamOptions {
  /** `openedAt`: when it joined a running upstream, -Infinity when it was there from the start. */
  createTarget (upstream: Upstream, member: TargetDefinition, openedAt: number): Target
  /** Told of what went wrong beside a request, for the log: a target that could not be closed after it left, a gate that failed. */
  onError (error: unknown, what: string): void
}

export class Upstream {
  readonly name: string
  readonly config: UpstreamConfig
  readonly observers: AttemptObserver[] = []
  /** Told of every answer when its head has arrived: what is known before a long body ends. */
  readonly headObservers: AttemptObserver[] = []
  /** Asked for every attempt when it is sent, such as for its place in a trace. */
  readonly fieldWriters: FieldWriter[] = []
  /** What plugins have to say about a target to a person, beside its gates. */
  readonly notes: TargetNote[] = []
  /**
   * While fewer than this share of the targets that could be used is open, gates that fail open are overruled; 0 overrules them only when none
   * is open. A target that another gate closes, a breaker or a drain, could not be used.
   */
  panicBelow = 0
  /** Where requests go that it cannot serve. One that has a fallback fails open only when asked to. */
  fallback: Fallback | undefined
  /** Set by the load-balancing plugin before the first request. */
  balancer: Balancer | undefined
  /** What `/upstreams` shows of it beside its targets, by name; fill it when you register. */
  readonly descriptions = new Map<string, (now: number) => unknown>()
  #targets: readonly Target[] = []
  readonly #options: UpstreamOptions | undefined
  /** By source, in the order in which the sources first spoke. */
  readonly #members = new Map<string, readonly TargetDefinition[]>()
  /** Made from members, by what they were made from. */
  #made: ReadonlyMap<string, Target> = new Map()
  readonly #admissions: Admission[] = []
  readonly #gates: GateFactory[] = []
  readonly #filters: TargetFilter[] = []
  /** Reused for the open targets of one selection, so that picking allocates nothing. */
  readonly #open: Target[] = []
  /** How many were open at the last look, those already tried included. */
  #openCount = 0

  constructor (name: string, config: UpstreamConfig, options?: UpstreamOptions) {
    this.name = name
    this.config = config
    this.#options = options
  }

  get targets (): readonly Target[] {
    return this.#targets
  }

  /** Replaces the targets. New ones get all gates; those that stay keep theirs; those that go finish what they have. */
  setTargets (targets: readonly Target[]): void {
    const before = this.#targets
    for (const target of targets) {
      if (!before.includes(target)) for (const create of this.#gates) addGate(target, create)
    }
    this.#targets = targets
    // Only now, so that a target that is replaced by its like hands its state over.
    for (const target of before) if (!targets.includes(target)) target.leave().catch((error: unknown) => this.report(error, 'error closing resource'))
  }

  /**
   * Replaces the targets that one source has found; those of other sources stay. What a source says for the first time was there from the
   * start, what it adds later starts slowly where the upstream has slow start. Of two members with one URL the first counts.
   */
  setSource (source: string, members: readonly TargetDefinition[], now: number): void {
    const openedAt = this.#members.has(source) ? now : -Infinity
    this.#members.set(source, members)
    const made = new Map<string, Target>()
    const urls = new Set<string>()
    for (const member of [...this.#members.values()].flat()) {
      const id = JSON.stringify([member.url, member.address, member.settings])
      const target = this.#made.get(id) ?? made.get(id) ?? this.#options!.createTarget(this, member, openedAt)
      if (urls.has(target.url)) continue
      urls.add(target.url)
      made.set(id, target)
    }
    this.#made = made
    this.setTargets([...made.values()])
  }

  /** Logs what went wrong beside a request. */
  report (error: unknown, what: string): void {
    this.#options?.onError(error, what)
  }

  /** Adds an admission behind those that are there. */
  addAdmission (admission: Admission): void {
    this.#admissions.push(admission)
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
   * @param choice where it may go; anywhere unless given, but with a fallback not where only gates that fail open would be overruled
   * @throws GatewayError `no-target` when every target is closed, Retry-After says when the first may open; the error of an admission; or
   * `client-closed` when the exchange is over.
   */
  select (exchange: Exchange, now: number, choice?: Choice): Attempt {
    if (exchange.over) throw new GatewayError('client-closed')
    for (const admit of this.#admissions) {
      const refusal = admit(exchange, now)
      if (refusal !== undefined) throw refusal
    }
    let open = this.#permitted(exchange, now, choice)
    const permitted = open.length
    // Where one of several is left, filters narrow nothing, and still tell that a reserve serves, or that a session has moved.
    if (this.#targets.length > 1) for (const filter of this.#filters) if (open.length > 1 || permitted === 1) open = filter(open, exchange, now)
    const target = open.length === 1 ? open[0]! : this.#pick(open, exchange, now)
    exchange.decisions?.push({ by: 'load-balancing', verdict: 'selected', why: `${target.url}, one of ${permitted} open targets of ${this.name}` })
    const attempt = new Attempt(target, now, exchange.attempts.length > 0 && reported(exchange, target))
    target.enter(attempt, now)
    exchange.attempts.push(attempt)
    return attempt
  }

  #pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    return this.balancer === undefined ? open[0]! : this.balancer.pick(open, exchange, now)
  }

  #permitted (exchange: Exchange, now: number, choice: Choice | undefined): readonly Target[] {
    const open = this.#collect(exchange, now, false, choice)
    if (open.length > 0 && (choice !== undefined || this.panicBelow === 0 || this.#openCount >= this.panicBelow * this.#usable(now))) return open
    const some = this.#openCount
    if (choice === undefined ? some === 0 && this.fallback !== undefined : !choice.overrule) throw this.#closed(exchange, now)
    const overruled = this.#collect(exchange, now, true, choice)
    if (overruled.length === 0) throw this.#closed(exchange, now)
    if (this.#openCount > some) exchange.decisions?.push(this.#failedOpen(some, now))
    return overruled
  }

  #failedOpen (some: number, now: number): Decision {
    const by = new Set(this.#targets.flatMap(({ gates }) => gates.filter(gate => gate.failOpen === true && !gate.permits(now)).map(({ name }) => name)))
    const why = `${some === 0 ? 'none' : `only ${some}`} of ${this.#targets.length} targets is open, so ${by.has('health-checks') ? 'health' : 'this'} is not heeded`
    return { by: [...by].join(', '), verdict: 'fail-open', why }
  }

  #collect (exchange: Exchange, now: number, overrule: boolean, choice: Choice | undefined): readonly Target[] {
    const open = this.#open
    open.length = 0
    let fresh = 0
    for (const target of this.#targets) {
      if (choice !== undefined && !choice.allows(target)) continue
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

  /** How many targets could be used if gates that fail open were overruled. */
  #usable (now: number): number {
    let usable = 0
    for (const target of this.#targets) if (target.weight > 0 && target.closedBy(now, true) === undefined) usable++
    return usable
  }

  #closed (exchange: Exchange, now: number): GatewayError {
    if (this.#targets.length === 0) exchange.decisions?.push({ by: 'load-balancing', verdict: 'refused', why: `${this.name} has no target: none was found yet, or all have gone` })
    let opensAt = Infinity
    for (const target of this.#targets) opensAt = Math.min(opensAt, opening(target, now))
    const seconds = Number.isFinite(opensAt) ? Math.max(1, Math.ceil((opensAt - now) / 1000)) : 1
    return new GatewayError('no-target', { headers: { 'retry-after': String(seconds) } })
  }
}

function addGate (target: Target, create: GateFactory): void {
  const gate = create(target)
  if (gate !== undefined) target.gates.push(gate)
}

/** When the last of its closed gates may open; Infinity when one cannot tell. */
function opening ({ gates, weight }: Target, now: number): number {
  let opensAt = weight === 0 ? Infinity : now
  for (const gate of gates) if (!gate.permits(now)) opensAt = Math.max(opensAt, gate.describe(now).opensAt ?? Infinity)
  return opensAt
}

/** Whether an earlier attempt has said something about the target. */
function reported ({ attempts }: Exchange, target: Target): boolean {
  for (const attempt of attempts) if (attempt.target === target && attempt.outcome !== undefined && attempt.outcome !== 'ignored') return true
  return false
}

function closing (target: Target, gate: 'weight 0' | Target['gates'][number], now: number): { by: string, verdict: string, why: string } {
  if (gate === 'weight 0') return { by: 'load-balancing', verdict: 'drained', why: `${target.url} has weight 0` }
  const { state, why } = gate.describe(now)
  return { by: gate.name, verdict: 'closed', why: `${target.url} is ${state}${why === undefined ? '' : ` (${why})`}` }
}
