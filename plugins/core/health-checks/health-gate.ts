/** The gate of health: closed when the probes or the traffic say that a target is unhealthy. */

import type { Attempt, Gate, GateState } from '../../../src/index.ts'
import type { Thresholds } from './thresholds.ts'
import type { CheckName, TrafficCheck } from './traffic-check.ts'
import type { Usage } from './usage.ts'

/** Called when the traffic changes a verdict. */
export type TrafficListener = (check: CheckName, healthy: boolean, why: string) => void

/** The inputs of a gate. */
export interface HealthGateOptions {
  /** What probes found; undefined without active checks. */
  readonly active: Thresholds | undefined
  /** The passive checks; each can close the gate. */
  readonly traffic: readonly TrafficCheck[]
  /** Called for every request; undefined where usage is not tracked. */
  readonly usage: Usage | undefined
  /** Whether to be overruled where no target would be left. */
  readonly failOpen: boolean
  readonly onChange: TrafficListener
}

/** A target is healthy when nothing speaks against it. */
export class HealthGate implements Gate {
  readonly name = 'health-checks'
  readonly failOpen: boolean
  readonly #active: HealthGateOptions['active']
  readonly #traffic: readonly TrafficCheck[]
  readonly #usage: Usage | undefined
  readonly #onChange: TrafficListener

  constructor (options: HealthGateOptions) {
    this.failOpen = options.failOpen
    this.#active = options.active
    this.#traffic = options.traffic
    this.#usage = options.usage
    this.#onChange = options.onChange
  }

  permits (now: number): boolean {
    if (this.#active?.healthy === false) return false
    for (const check of this.#traffic) if (!check.healthy(now)) return false
    return true
  }

  enter (now: number): number {
    this.#usage?.note(now)
    // That a check has come to trust the target again shows when it is used again.
    this.notice(now)
    return 0
  }

  settle (attempt: Attempt, _ticket: number, now: number): void {
    if (attempt.outcome === 'ignored' || attempt.alreadyReported) return
    for (const check of this.#traffic) check.hear(attempt, now)
    this.notice(now)
  }

  /** Tells of verdicts that have changed meanwhile, also by time alone. */
  notice (now: number): void {
    for (const check of this.#traffic) {
      const healthy = check.healthy(now)
      if (healthy === check.told) continue
      check.tell(healthy, now)
      this.#onChange(check.name, healthy, check.describe(now))
    }
  }

  describe (now: number): GateState {
    const sick = this.#traffic.filter(check => !check.healthy(now))
    const probed = this.#active?.describe(now)
    if (this.#active?.healthy === false) {
      return {
        state: 'unhealthy',
        why: [probed, ...sick.map(check => check.describe(now))].join('; '),
        ...sinceOf([this.#active.since, ...sick.map(closedSince)])
      }
    }
    if (sick.length === 0) return { state: this.#active?.health ?? 'healthy', ...(probed === undefined ? {} : { why: probed }) }
    // When the probes will pass again is anyone's guess; when the traffic is forgotten is not.
    return {
      state: 'unhealthy',
      why: sick.map(check => check.describe(now)).join('; '),
      ...sinceOf(sick.map(closedSince)),
      opensAt: Math.max(...sick.map(check => check.recoversAt(now)))
    }
  }
}

/** When a check began to speak against the target; infinite where that is about to be told. */
function closedSince ({ told, since }: TrafficCheck): number {
  return told ? Infinity : since
}

/** The first of them that is known. */
function sinceOf (times: readonly number[]): { readonly since?: number } {
  const since = Math.min(...times.filter(Number.isFinite))
  return since === Infinity ? {} : { since }
}
