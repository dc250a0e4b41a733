/** What upstreams of several threads are tested with. */

import { BreakerGate } from '../../plugins/core/circuit-breaking/breaker-gate.ts'
import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import { breakerCells } from '../../plugins/core/circuit-breaking/breaker-cells.ts'
import { OutlierRecord, outlierCells } from '../../plugins/core/health-checks/outlier-record.ts'
import { passiveCells, PassiveHealth } from '../../plugins/core/health-checks/passive-health.ts'
import { gradientCells } from '../../plugins/core/overload/gradient.ts'
import { LimitGate } from '../../plugins/core/overload/limit-gate.ts'
import { Limiter, waitingOf } from '../../plugins/core/overload/limiter.ts'
import type { UpstreamConfig } from '../../src/config/types.ts'
import type { Attempt } from '../../src/contract/target.ts'
import { GatewayError } from '../../src/contract/errors.ts'
import { guardedCount } from '../../src/state/guarded-count.ts'
import { exchange, upstreamConfig } from '../load-balancing/upstream.ts'
import type { SharedUpstream } from './shared-upstream.ts'

/** Places of each target of an upstream with caps. */
export const places = 4

/** The keys of such an upstream. */
export function withCaps (): Partial<UpstreamConfig> {
  return { connections: { ...upstreamConfig().connections, max: places - 1, pending: 1 } }
}

/** The keys of an upstream with a budget of extra attempts. */
export function withBudget (ratio: number, minimum: number): Partial<UpstreamConfig> {
  return { retry: { ...upstreamConfig().retry, budget: { ratio, minimum } } }
}

/** Adds breakers that open after three failures, for 100 ms. */
export function breaking (shared: SharedUpstream): BreakerGate[] {
  const options = {
    failures: 3, failureRate: 1, slowCallRate: 1, window: 1000, minRequests: 1e6, openFor: 100, maxOpenFor: 100, probes: 1
  }
  const gates: BreakerGate[] = []
  shared.upstream.addGate(target => {
    const breaker = new Breaker(options, () => 0, target.state({ kind: 'breaker', key: target.upstream.name, cells: breakerCells }))
    const gate = new BreakerGate({
      breaker, isFailure: status => status >= 500, slowerThan: Infinity, onChange: to => shared.changes.push(to)
    })
    gates.push(gate)
    return gate
  })
  return gates
}

/** Adds what judges targets by their traffic. */
export function judging (shared: SharedUpstream): { readonly passive: PassiveHealth, readonly outlier: OutlierRecord } {
  const options = { window: 1e6, errorRate: 1, minRequests: 1e9, maxPause: 0, mayPause: () => false }
  const { holder, upstream } = shared
  const passive = new PassiveHealth(options, holder.state({ kind: 'passive', key: '', cells: passiveCells }))
  const outlier = new OutlierRecord(holder.state({ kind: 'outlier', key: '', cells: outlierCells }))
  upstream.observers.push((attempt, now) => {
    passive.hear(attempt, now)
    outlier.count(attempt.outcome === 'success', false, false)
  })
  return { passive, outlier }
}

/** Adds a limit of five requests. */
export function limiting ({ holder, upstream }: SharedUpstream): Limiter {
  const options = { initial: 5, min: 5, max: 5, tolerance: 1, window: 1e9, shares: { low: 0, normal: 0, high: 0, critical: 0 } }
  const waiting = waitingOf(name => guardedCount(holder, { kind: 'waiting', key: name }, upstream.lock))
  const limiter = new Limiter(options, waiting, holder.state({ kind: 'gradient', key: '', cells: gradientCells(options) }))
  const gate = new LimitGate(limiter)
  upstream.addGate(() => gate)
  upstream.addAdmission(() => limiter.admits(gate.entering) ? undefined : new GatewayError('overloaded'))
  return limiter
}

/** Selects a target; undefined where none is permitted. */
export function select ({ upstream, clock }: SharedUpstream): Attempt | undefined {
  try {
    return upstream.select(exchange(), clock.now())
  } catch {
    return undefined
  }
}

/** Reports a response with this status, and its end. */
export function end (attempt: Attempt, statusCode: number, now: number): void {
  attempt.statusCode = statusCode
  attempt.target.answered(attempt, now)
  attempt.target.settle(attempt, statusCode < 500 ? 'success' : 'failure', now)
}
