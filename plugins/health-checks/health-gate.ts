/** The gate of health: closed when the probes or the traffic say that a target is unhealthy. */

import type { Attempt } from '../../src/upstream/attempt.ts'
import type { Gate, GateState } from '../../src/upstream/gate.ts'
import type { PassiveHealth } from './passive-health.ts'
import type { Thresholds } from './thresholds.ts'

/** Told when the traffic changes its verdict. */
export type PassiveListener = (healthy: boolean, why: string) => void

/** What a gate judges by. */
export interface HealthGateOptions {
  /** What the probes found; undefined without active checks. */
  readonly active: Thresholds | undefined
  /** What the traffic shows; undefined without passive checks. */
  readonly passive: PassiveHealth | undefined
  /** Whether to be overruled where no target would be left. */
  readonly failOpen: boolean
  readonly onPassiveChange: PassiveListener
}

/** A target is healthy when neither side speaks against it. */
export class HealthGate implements Gate {
  readonly name = 'health-checks'
  readonly failOpen: boolean
  readonly #active: Thresholds | undefined
  readonly #passive: PassiveHealth | undefined
  readonly #onPassiveChange: PassiveListener

  constructor (options: HealthGateOptions) {
    this.failOpen = options.failOpen
    this.#active = options.active
    this.#passive = options.passive
    this.#onPassiveChange = options.onPassiveChange
  }

  permits (now: number): boolean {
    return this.#active?.healthy !== false && this.#passive?.healthy(now) !== false
  }

  enter (now: number): number {
    // That the window has forgotten enough shows when the target is used again.
    this.#notice(now)
    return 0
  }

  settle (attempt: Attempt, _ticket: number, now: number): void {
    if (attempt.outcome === 'ignored') return
    this.#passive?.record(attempt.outcome === 'failure', now)
    this.#notice(now)
  }

  describe (now: number): GateState {
    const against: string[] = []
    if (this.#active?.healthy === false) against.push(this.#active.describe()!)
    const byTraffic = this.#passive?.healthy(now) === false
    if (byTraffic) against.push(this.#passive.describe(now))
    if (against.length === 0) return this.#describeHealthy()
    // When the probes will pass again is anyone's guess; when the window forgets is not.
    const opensAt = byTraffic && against.length === 1 ? { opensAt: this.#passive.recoversAt(now) } : {}
    return { state: 'unhealthy', why: against.join('; '), ...opensAt }
  }

  #describeHealthy (): GateState {
    const why = this.#active?.describe()
    return { state: this.#active?.health ?? 'healthy', ...(why === undefined ? {} : { why }) }
  }

  #notice (now: number): void {
    const passive = this.#passive
    if (passive === undefined) return
    const healthy = passive.healthy(now)
    if (healthy === passive.told) return
    passive.told = healthy
    this.#onPassiveChange(healthy, passive.describe(now))
  }
}
