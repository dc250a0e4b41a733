/** Which upstream serves a request of a route: its only one, or one of its split by weight. */

import type { Exchange, GatewayApi, Route, Upstream } from '../../../src/index.ts'

/** Chooses the upstream of an exchange. */
export type Choose = (exchange: Exchange) => Upstream

/** Distance between neighbours of a Weyl sequence over the golden ratio: the most even there is. */
const goldenStep = (Math.sqrt(5) - 1) / 2

/** Compiles `upstream`, `target` or `split` of a route. */
export function compileSplit ({ config, name }: Route, gateway: GatewayApi): Choose {
  const only = config.upstream ?? config.target
  if (only !== undefined) {
    const upstream = gateway.upstreams.get(only)!
    return () => upstream
  }
  const parts = config.split!.map(({ upstream, weight }) => ({ upstream: gateway.upstreams.get(upstream)!, weight }))
  // A sequence and not chance: ten percent are ten of any hundred requests, and a reload does not start over.
  const identity = { kind: 'split', key: name, options: config.split }
  const turn = gateway.state({ ...identity, cells: 1 })
  const lock = gateway.lock(identity)
  return exchange => {
    lock.acquire()
    const at = turn[0] = (turn[0]! + goldenStep) % 1
    lock.release()
    const chosen = pick(parts, at)
    exchange.decisions?.push({ by: 'proxying', verdict: 'split', why: `${chosen.name} by weight` })
    return chosen
  }
}

/** The part in which the point `at` of [0, 1) falls when the parts are laid out by weight. */
export function pick<T> (parts: readonly { readonly upstream: T, readonly weight: number }[], at: number): T {
  const total = parts.reduce((sum, { weight }) => sum + weight, 0)
  let point = at * total
  for (const { upstream, weight } of parts) {
    point -= weight
    if (point < 0) return upstream
  }
  return parts.at(-1)!.upstream
}
