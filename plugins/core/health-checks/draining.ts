/** `POST /upstreams/:name/drain?target=URL` and `/undrain` on the admin listener. */

import { type FastifyRequest, findTarget, type GatewayApi, GatewayError, locked, signatureOf, type Target } from '../../../src/index.ts'
import { drainCells, DrainGate, type DrainNote } from './drain-gate.ts'
import { readDrainQuery } from './drain-query.ts'

/** Puts the gate before every target. */
export function addDrainGates ({ upstreams }: GatewayApi): void {
  for (const upstream of upstreams.values()) {
    upstream.addGate(target => {
      const identity = { kind: 'drain', key: `${upstream.name} ${target.url}` }
      const cells = target.state({ ...identity, cells: drainCells })
      const note = target.resource<DrainNote>({ ...identity, create: () => ({ by: 'an operator', reason: undefined }) })
      return new DrainGate(cells, note, () => target.load.active)
    })
  }
}

/** Adds the routes. Both are idempotent; the response contains the current state. */
export function addDrainRoutes (gateway: GatewayApi): void {
  const { admin, clock, upstreams, events } = gateway

  admin.post('/upstreams/:name/drain', request => {
    const { target: url, duration, reason, force } = readDrainQuery(request.query)
    const target = findTarget(upstreams, nameOf(request), url)
    const now = clock.now()
    const gate = drainGate(target)!
    if (!force && gate.permits(now) && !openTargets(target, now).some(one => one !== target)) throw lastTarget(target)
    const note = { ...signatureOf(request), reason }
    // Asked again, such as by a script that tries again, it stays as it is.
    if (!gate.permits(now) && duration === Infinity && reason === undefined) return describe(target, now)
    gate.drain(now + duration, note, now)
    const until = duration === Infinity ? undefined : new Date(clock.wall() + duration).toISOString()
    events.emit({ type: 'target-drained', ...named(target), ...note, until })
    return { ...describe(target, now), ...(until === undefined ? {} : { until }) }
  })

  admin.post('/upstreams/:name/undrain', request => {
    const { target: url, reason } = readDrainQuery(request.query)
    const target = findTarget(upstreams, nameOf(request), url)
    const now = clock.now()
    const gate = drainGate(target)!
    if (!gate.permits(now)) {
      gate.undrain()
      events.emit({ type: 'target-undrained', ...named(target), ...signatureOf(request), reason })
    }
    return describe(target, now)
  })
}

/** Whether an operator has closed the target. */
export function isDrained (target: Target, now: number): boolean {
  return drainGate(target)?.permits(now) === false
}

function drainGate ({ gates }: Target): DrainGate | undefined {
  return gates.find(gate => gate instanceof DrainGate)
}

function openTargets ({ upstream }: Target, now: number): Target[] {
  return locked(upstream.lock, () => upstream.targets.filter(one => one.weight > 0 && one.gates.every(gate => gate.permits(now))))
}

function named (target: Target): { readonly upstream: string, readonly target: string } {
  return { upstream: target.upstream.name, target: target.url }
}

function describe (target: Target, now: number): object {
  return {
    ...named(target),
    drained: isDrained(target, now),
    active: target.load.active,
    openTargets: openTargets(target, now).length
  }
}

function lastTarget ({ upstream, url }: Target): GatewayError {
  return new GatewayError('conflict', {
    detail: `without ${url}, no target of the upstream ${upstream.name} is open; force=true drains it all the same (--force)`
  })
}

function nameOf ({ params }: FastifyRequest): string {
  return (params as { readonly name: string }).name
}
