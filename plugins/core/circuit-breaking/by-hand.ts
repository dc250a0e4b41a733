/** `POST /breakers?upstream=&target=&state=` on the admin listener: an operator opens or closes a breaker. */

import { findTarget, type GatewayApi, GatewayError, locked, signatureOf, type Target } from '../../../src/index.ts'
import { BreakerGate } from './breaker-gate.ts'
import { readBreakerQuery } from './by-hand-query.ts'

/** Adds the route. It is idempotent; the response contains the current state. */
export function addBreakerRoute ({ admin, clock, upstreams, events }: GatewayApi): void {
  admin.post('/breakers', request => {
    const { upstream, target: url, state, duration, reason } = readBreakerQuery(request.query)
    const target = findTarget(upstreams, upstream, url)
    const gate = breakerGate(target)
    const note = { ...signatureOf(request), reason }
    const until = state === 'open' ? new Date(clock.wall() + duration).toISOString() : undefined
    const shown = locked(target.upstream.lock, () => {
      const now = clock.now()
      if (state === 'open') gate.openUntil(now + duration, note, now)
      else gate.close(now)
      return { ...named(target), ...gate.describe(now), openTargets: openTargets(target, now) }
    })
    events.emit({ type: 'circuit-set', ...named(target), state, ...note, until })
    const { opensAt: _opensAt, since: _since, ...response } = shown
    return { ...response, ...(until === undefined ? {} : { until }) }
  })
}

/** The breaker of a target. @throws GatewayError `conflict` where the upstream has no breakers */
function breakerGate ({ gates, upstream: { name }, url }: Target): BreakerGate {
  const gate = gates.find(one => one instanceof BreakerGate)
  if (gate !== undefined) return gate
  throw new GatewayError('conflict', {
    detail: `the upstream ${name} has no circuitBreaker; a drain keeps requests away from ${url} (POST /upstreams/${name}/drain)`
  })
}

function openTargets ({ upstream: { targets } }: Target, now: number): number {
  return targets.filter(({ weight, gates }) => weight > 0 && gates.every(gate => gate.permits(now))).length
}

function named (target: Target): { readonly upstream: string, readonly target: string } {
  return { upstream: target.upstream.name, target: target.url }
}
