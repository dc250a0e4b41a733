/**
 * What an attempt costs at its upstream, from the selection of a target to its last report: with one thread, with memory that threads
 * share, and while another thread has attempts at the same upstream all the time. `node bench/micro/attempt.ts`
 */

import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { Breaker } from '../../plugins/core/circuit-breaking/breaker.ts'
import { BreakerGate } from '../../plugins/core/circuit-breaking/breaker-gate.ts'
import { breakerCells } from '../../plugins/core/circuit-breaking/breaker-cells.ts'
import { HealthGate } from '../../plugins/core/health-checks/health-gate.ts'
import { passiveCells, PassiveHealth } from '../../plugins/core/health-checks/passive-health.ts'
import { createLeastConnections } from '../../plugins/core/load-balancing/least-connections.ts'
import { createRoundRobin } from '../../plugins/core/load-balancing/round-robin.ts'
import { addCapGate } from '../../plugins/core/proxying/cap.ts'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { SharedMemory } from '../../src/state/shared/shared-memory.ts'
import type { StateMemory } from '../../src/state/state-memory.ts'
import { exchange } from '../../test/load-balancing/upstream.ts'
import { sharedUpstream } from '../../test/upstream/shared-upstream.ts'
import { measure } from './measure.ts'

const breaker = {
  failures: 5, failureRate: 0.5, slowCallRate: 0.5, window: 10_000, minRequests: 20, openFor: 30_000, maxOpenFor: 300_000, probes: 1
}
const passive = { window: 30_000, errorRate: 0.5, minRequests: 10, maxPause: 60_000, mayPause: () => false }
const balancers = { 'round-robin': createRoundRobin, 'least-connections': createLeastConnections }

/** Returns what makes one attempt at the upstream of this name. */
function attemptsAt (memory: StateMemory, name: keyof typeof balancers): (index: number) => unknown {
  const { upstream, holder } = sharedUpstream(memory, name, [1, 1, 1])
  upstream.balancer = balancers[name]({ upstream, holder, random: Math.random, options: {} })
  upstream.addGate(target => new BreakerGate({
    breaker: new Breaker(breaker, Math.random, target.state({ kind: 'breaker', key: name + target.url, cells: breakerCells })),
    isFailure: status => status >= 500,
    slowerThan: Infinity,
    onChange () {}
  }))
  upstream.addGate(target => new HealthGate({
    active: undefined,
    traffic: [new PassiveHealth(passive, target.state({ kind: 'passive', key: name + target.url, cells: passiveCells }))],
    usage: undefined,
    failOpen: true,
    onChange () {}
  }))
  addCapGate(upstream, { count: 1 })
  const asking = exchange()
  return index => {
    const now = index / 10
    asking.attempts.length = 0
    const attempt = upstream.select(asking, now)
    attempt.statusCode = 200
    attempt.sentAt = now
    attempt.target.answered(attempt, now + 1)
    attempt.target.settle(attempt, 'success', now + 1)
    return attempt
  }
}

if (isMainThread) {
  const shared = SharedMemory.create(5)
  for (const name of Object.keys(balancers) as (keyof typeof balancers)[]) {
    measure(`attempt, ${name}, one thread`, attemptsAt(new LocalMemory(), name))
    const attempt = attemptsAt(shared, name)
    measure(`attempt, ${name}, shared memory`, attempt)
    const other = new Worker(new URL(import.meta.url), { workerData: { buffer: shared.buffer, name } })
    await once(other, 'message')
    measure(`attempt, ${name}, shared memory, another thread at it`, attempt)
    await other.terminate()
    shared.died(1)
  }
} else {
  const { buffer, name } = workerData as { readonly buffer: SharedArrayBuffer, readonly name: keyof typeof balancers }
  const attempt = attemptsAt(SharedMemory.attach(buffer, 1), name)
  for (let index = 0; ; index++) {
    attempt(index)
    if (index === 1_000_000) parentPort!.postMessage('warm')
  }
}
