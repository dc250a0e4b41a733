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

/** Milliseconds since 1970 of a time of the monotonic clock. */
export type WallTime = (time: number) => number

/** By how many milliseconds the clocks may drift apart before times are told anew. */
const drift = 100

/** Gives the same number for the same time, although the clocks are read one after the other, until the wall clock is set. */
export function wallTimeOf (clock: Clock): WallTime {
  let offset = NaN
  return time => {
    const measured = clock.wall() - clock.now()
    if (!(Math.abs(measured - offset) < drift)) offset = measured
    return Math.round(time + offset)
  }
}

/** All upstreams with the state of each target's gates, each as it is at one moment. */
export function describeUpstreams (upstreams: ReadonlyMap<string, Upstream>, clock: Clock, wallTime: WallTime): object[] {
  return [...upstreams.values()].map(upstream => locked(upstream.lock, () => describeUpstream(upstream, clock.now(), wallTime)))
}

function describeUpstream (upstream: Upstream, now: number, wallTime: WallTime): object {
  const { name, targets, notes, descriptions } = upstream
  return {
    name,
    ...Object.fromEntries([...descriptions].map(([concern, describe]) => [concern, describe(now)])),
    ...failsOpen(upstream, now) ? { failOpen: true } : {},
    targets: targets.map(target => ({
      url: target.url,
      weight: target.weight,
      active: target.load.active,
      ...Object.fromEntries(notes.flatMap(note => Object.entries(note(target, now, wallTime) ?? {}))),
      open: isOpen(target, now),
      gates: describeGates(target, now, wallTime)
    }))
  }
}

function isOpen ({ weight, gates }: Target, now: number): boolean {
  return weight > 0 && gates.every(gate => gate.permits(now))
}

/** Whether requests go to targets that are closed, because no other is left. */
function failsOpen ({ targets, fallback }: Upstream, now: number): boolean {
  return fallback === undefined && !targets.some(target => isOpen(target, now)) &&
    targets.some(({ weight, gates }) => weight > 0 && gates.every(gate => gate.failOpen === true || gate.permits(now)))
}

/** Times that are infinite, such as the end of a drain without one, are left out. */
function describeGates ({ gates }: Target, now: number, wallTime: WallTime): object[] {
  return gates.map(gate => {
    const { opensAt, since, ...state } = gate.describe(now)
    return {
      gate: gate.name,
      permits: gate.permits(now),
      ...state,
      ...since === undefined || !Number.isFinite(since) ? {} : { since: wallTime(since) },
      ...opensAt === undefined || !Number.isFinite(opensAt) ? {} : {
        until: wallTime(opensAt), opensInMs: Math.max(0, Math.ceil(opensAt - now))
      }
    }
  })
}
