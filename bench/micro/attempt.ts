/** What an attempt costs at its upstream, from the selection of a target to its last report: `node bench/micro/attempt.ts` */

import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import { BreakerGate } from '../../plugins/core/circuit-breaking/breaker-gate.ts'
import { HealthGate } from '../../plugins/core/health-checks/health-gate.ts'
import { PassiveHealth } from '../../plugins/core/health-checks/passive-health.ts'
import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { addCapGate } from '../../plugins/core/proxying/cap.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { exchange, upstreamOf } from '../../test/load-balancing/upstream.ts'
import { measure } from './measure.ts'

const breaker = {
  failures: 5, failureRate: 0.5, slowCallRate: 0.5, window: 10_000, minRequests: 20, openFor: 30_000, maxOpenFor: 300_000, probes: 1
}
const passive = { window: 30_000, errorRate: 0.5, minRequests: 10, maxPause: 60_000, mayPause: () => false }

for (const [name, create] of Object.entries({ 'round-robin': createRoundRobin, 'least-connections': createLeastConnections })) {
  const upstream = upstreamOf([1, 1, 1])
  upstream.balancer = create({ upstream, holder: new Holdings().hold(), random: Math.random, options: {} })
  upstream.addGate(() => new BreakerGate({
    breaker: new Breaker(breaker, Math.random), isFailure: status => status >= 500, slowerThan: Infinity, onChange () {}
  }))
  upstream.addGate(() => new HealthGate({
    active: undefined, traffic: [new PassiveHealth(passive)], usage: undefined, failOpen: true, onChange () {}
  }))
  addCapGate(upstream)
  const asking = exchange()
  measure(`select, answered, settle, ${name}, 3 targets with breaker, health and cap`, index => {
    const now = index / 10
    asking.attempts.length = 0
    const attempt = upstream.select(asking, now)
    attempt.statusCode = 200
    attempt.sentAt = now
    attempt.target.answered(attempt, now + 1)
    attempt.target.settle(attempt, 'success', now + 1)
    return attempt
  })
}
