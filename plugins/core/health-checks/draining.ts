/** `POST /upstreams/:name/drain?target=URL` and `/undrain` on the admin listener. */

import { type GatewayApi, GatewayError, type Target } from '../../../src/index.ts'
import { DrainGate } from './drain-gate.ts'

/** Called for every change. */
export type DrainListener = (target: Target, drained: boolean) => void

/** Puts the gate before every target. */
export function addDrainGates ({ upstreams }: GatewayApi): void {
  for (const upstream of upstreams.values()) {
    upstream.addGate(target => {
      const cells = target.state({ kind: 'drain', key: `${upstream.name} ${target.url}`, cells: 1 })
      return new DrainGate(cells, () => target.load.active)
    })
  }
}

/** Adds the routes. Both are idempotent; the response contains the current state. */
export function addDrainRoutes ({ admin, clock, upstreams }: GatewayApi, onChange: DrainListener): void {
  for (const drained of [true, false]) {
    admin.post(`/upstreams/:name/${drained ? 'drain' : 'undrain'}`, ({ params, query }) => {
      const target = find(upstreams, (params as { name: string }).name, (query as { target?: unknown }).target)
      const gate = drainGate(target)!
      if (gate.drained !== drained) {
        gate.drained = drained
        onChange(target, drained)
      }
      const now = clock.now()
      const { name, targets } = target.upstream
      return {
        upstream: name,
        target: target.url,
        drained,
        active: target.load.active,
        openTargets: targets.filter(one => one.weight > 0 && one.gates.every(gate => gate.permits(now))).length
      }
    })
  }
}

/** Whether an operator has closed the target. */
export function isDrained (target: Target): boolean {
  return drainGate(target)?.permits() === false
}

function drainGate ({ gates }: Target): DrainGate | undefined {
  return gates.find(gate => gate instanceof DrainGate)
}

/** @throws GatewayError for what is not there */
function find (upstreams: GatewayApi['upstreams'], name: string, url: unknown): Target {
  if (typeof url !== 'string') throw new GatewayError('bad-request', { detail: 'say which one: ?target=URL, as GET /upstreams shows it' })
  const upstream = upstreams.get(name)
  if (upstream === undefined) throw new GatewayError('not-found', { detail: 'there is no upstream of this name' })
  const target = upstream.targets.find(one => one.url === url.replace(/\/+$/, ''))
  if (target === undefined) throw new GatewayError('not-found', { detail: 'the upstream has no such target' })
  return target
}
