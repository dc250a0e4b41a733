/** The targets of one upstream, and the selection of one for an attempt. */

import type { UpstreamConfig } from '../config/types.ts'
import { GatewayError } from '../contract/errors.ts'
import type { Choice, Decision, Exchange, Fallback, FieldWriter } from '../contract/exchange.ts'
import type { Attempt, Gate, GateFactory, Target, TargetDefinition } from '../contract/target.ts'
import type { Retries } from '../contract/retries.ts'
import type { Admission, AttemptObserver, Balancer, TargetFilter, TargetNote, Upstream } from '../contract/upstream.ts'
import type { Lock } from '../contract/state.ts'
import { noLock } from '../state/local-memory.ts'
import { TargetAttempt } from './attempt.ts'

/** What an upstream needs to take in the targets that sources find. */
export interface UpstreamOptions {
  /** `openedAt`: when it joined a running upstream, -Infinity when it was there from the start. */
  createTarget (upstream: TargetGroup, member: TargetDefinition, openedAt: number): Target
  /** That of its state; by default none, for one thread. */
  readonly lock?: Lock
  /** Called for errors beside a request, for the log: a target that could not be closed, a gate that failed. */
  onError (error: unknown, what: string): void
}

export class TargetGroup implements Upstream {
  readonly name: string
  readonly config: UpstreamConfig
  readonly lock: Lock
  readonly observers: AttemptObserver[] = []
  readonly headObservers: AttemptObserver[] = []
  readonly fieldWriters: FieldWriter[] = []
  readonly notes: TargetNote[] = []
  panicBelow = 0
  fallback: Fallback | undefined
  retries: Retries | undefined
  balancer: Balancer | undefined
  readonly descriptions = new Map<string, (now: number) => unknown>()
  #targets: readonly Target[] = []
  readonly #options: UpstreamOptions | undefined
  /** By source, in the order in which the sources first reported. */
  readonly #members = new Map<string, readonly TargetDefinition[]>()
  /** By the definition that they were made from. */
  #made: ReadonlyMap<string, Target> = new Map()
  readonly #admissions: Admission[] = []
  readonly #gates: GateFactory[] = []
  readonly #filters: TargetFilter[] = []
  /** Reused for the open targets of one selection, so that picking allocates nothing. */
  readonly #open: Target[] = []
  /** How many were open at the last selection, including those already tried. */
  #openCount = 0

  constructor (name: string, config: UpstreamConfig, options?: UpstreamOptions) {
    this.name = name
    this.config = config
    this.#options = options
    this.lock = options?.lock ?? noLock
  }

  get targets (): readonly Target[] {
    return this.#targets
  }

  setTargets (targets: readonly Target[]): void {
    const before = this.#targets
    for (const target of targets) {
      if (!before.includes(target)) for (const create of this.#gates) addGate(target, create)
    }
    this.#targets = targets
    // Only now, so that a target that is replaced by its like hands its state over.
    for (const target of before) {
      if (!targets.includes(target)) target.leave().catch((error: unknown) => this.report(error, 'error closing resource'))
    }
  }

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

  report (error: unknown, what: string): void {
    this.#options?.onError(error, what)
  }

  addAdmission (admission: Admission): void {
    this.#admissions.push(admission)
  }

  addGate (create: GateFactory): void {
    this.#gates.push(create)
    for (const target of this.#targets) addGate(target, create)
  }

  addFilter (filter: TargetFilter): void {
    this.#filters.push(filter)
  }

  select (exchange: Exchange, now: number, choice?: Choice): Attempt {
    if (exchange.over) throw new GatewayError('client-closed')
    const { lock } = this
    lock.acquire()
    try {
      return this.#select(exchange, now, choice)
    } finally {
      lock.release()
    }
  }

  /** One step for all threads: what gates and admissions have permitted is still so when the attempt enters. */
  #select (exchange: Exchange, now: number, choice: Choice | undefined): Attempt {
    for (const admit of this.#admissions) {
      const refusal = admit(exchange, now)
      if (refusal !== undefined) throw refusal
    }
    let open = this.#permitted(exchange, now, choice)
    const permitted = open.length
    // Where one of several is left, filters narrow nothing, and still tell that a reserve serves, or that a session has moved.
    if (this.#targets.length > 1) {
      for (const filter of this.#filters) if (open.length > 1 || permitted === 1) open = filter(open, exchange, now)
    }
    const target = open.length === 1 ? open[0]! : this.#pick(open, exchange, now)
    exchange.decisions?.push({
      by: 'load-balancing',
      verdict: 'selected',
      why: `${target.url}, one of ${permitted} open targets of ${this.name}`
    })
    const attempt = new TargetAttempt(target, now, exchange.attempts.length > 0 && reported(exchange, target))
    target.enter(attempt, now)
    exchange.attempts.push(attempt)
    return attempt
  }

  #pick (open: readonly Target[], exchange: Exchange, now: number): Target {
    return this.balancer === undefined ? open[0]! : this.balancer.pick(open, exchange, now)
  }

  #permitted (exchange: Exchange, now: number, choice: Choice | undefined): readonly Target[] {
    const open = this.#collect(exchange, now, false, choice)
    if (open.length > 0 && (choice !== undefined || this.panicBelow === 0 || this.#openCount >= this.panicBelow * this.#usable(now))) {
      return open
    }
    const some = this.#openCount
    if (choice === undefined ? some === 0 && this.fallback !== undefined : !choice.overrule) throw this.#closed(exchange, now)
    const overruled = this.#collect(exchange, now, true, choice)
    if (overruled.length === 0) throw this.#closed(exchange, now)
    if (this.#openCount > some) exchange.decisions?.push(this.#failedOpen(some, now))
    return overruled
  }

  #failedOpen (some: number, now: number): Decision {
    const overruled = this.#targets.flatMap(({ gates }) => gates.filter(gate => gate.failOpen === true && !gate.permits(now)))
    const by = new Set(overruled.map(({ name }) => name))
    const open = `${some === 0 ? 'none' : `only ${some}`} of ${this.#targets.length} targets is open`
    const why = `${open}, so ${by.has('health-checks') ? 'health' : 'this'} is not heeded`
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
    if (this.#targets.length === 0) {
      exchange.decisions?.push({
        by: 'load-balancing',
        verdict: 'refused',
        why: `${this.name} has no target: none was found yet, or all have gone`
      })
    }
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
  for (const attempt of attempts) {
    if (attempt.target === target && attempt.outcome !== undefined && attempt.outcome !== 'ignored') return true
  }
  return false
}

function closing (target: Target, gate: 'weight 0' | Gate, now: number): { by: string, verdict: string, why: string } {
  if (gate === 'weight 0') return { by: 'load-balancing', verdict: 'drained', why: `${target.url} has weight 0` }
  const { state, why } = gate.describe(now)
  return { by: gate.name, verdict: 'closed', why: `${target.url} is ${state}${why === undefined ? '' : ` (${why})`}` }
}
