/** Routes and upstreams as an operator sees them. */

import { type Clock, type GatewayApi, locked, type Target, type Upstream } from '../../../src/index.ts'

/**
 * All routes: those of the file in its order, then those that plugins add. `chain` has the policies that their requests pass, in running
 * order.
 * @param only the name of those that are wanted; all unless given
 */
export function describeRoutes (
  { config: { server }, routes, pluginRoutes, control }: Pick<GatewayApi, 'config' | 'routes' | 'pluginRoutes' | 'control'>,
  only?: unknown
): object[] {
  const wanted = (name: string): boolean => only === undefined || name === only
  return [
    ...routes.filter(({ name }) => wanted(name)).map(({ index, name, policies: own, config: { policies, ...keys } }) => ({
      name, ...keys, policies, chain: [...server.policies, ...own], ...placeOf(control, `/routes/${index}`)
    })),
    ...pluginRoutes.filter(({ path }) => wanted(path)).map(({ plugin, methods, path, policies }) => ({
      name: path, path, methods, policies, chain: policies, plugin
    }))
  ]
}

/** Where it is written, as `gateway.yaml:12`; nothing where no file has it. */
function placeOf (control: GatewayApi['control'], pointer: string): { readonly place?: string } {
  const place = control.locate(pointer)
  return place === undefined ? {} : { place: `${place.file}:${place.line}` }
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
