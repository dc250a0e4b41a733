/** Routes and upstreams as an operator sees them. */

import { type Clock, type GatewayApi, locked, type Target, type Upstream } from '../../../src/index.ts'

/** All routes: those of the file in its order, then those that plugins add. */
export function describeRoutes ({ routes, pluginRoutes }: Pick<GatewayApi, 'routes' | 'pluginRoutes'>): object[] {
  return [
    ...routes.map(({ name, config: { policies, ...keys } }) => ({ name, ...keys, policies })),
    ...pluginRoutes.map(({ plugin, methods, path, policies }) => ({ name: path, path, methods, policies, plugin }))
  ]
}

/** All upstreams with the state of each target's gates, each as it is at one moment. */
export function describeUpstreams (upstreams: ReadonlyMap<string, Upstream>, clock: Clock): object[] {
  return [...upstreams.values()].map(upstream => locked(upstream.lock, () => describeUpstream(upstream, clock.now())))
}

function describeUpstream ({ name, targets, notes, descriptions }: Upstream, now: number): object {
  return {
    name,
    ...Object.fromEntries([...descriptions].map(([concern, describe]) => [concern, describe(now)])),
    targets: targets.map(target => ({
      url: target.url,
      weight: target.weight,
      active: target.load.active,
      ...Object.fromEntries(notes.flatMap(note => Object.entries(note(target, now) ?? {}))),
      open: target.weight > 0 && target.gates.every(gate => gate.permits(now)),
      gates: describeGates(target, now)
    }))
  }
}

function describeGates ({ gates }: Target, now: number): object[] {
  return gates.map(gate => {
    const { opensAt, ...state } = gate.describe(now)
    return {
      gate: gate.name,
      permits: gate.permits(now),
      ...state,
      ...(opensAt === undefined ? {} : { opensInMs: Math.max(0, Math.ceil(opensAt - now)) })
    }
  })
}
