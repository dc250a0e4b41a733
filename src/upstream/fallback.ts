/** Fallbacks: a request that an upstream cannot serve goes on to another upstream, which serves it with its own settings. */

import type { Static } from '#typebox'
import { GatewayError } from '../contract/errors.ts'
import type { FallbackSchema } from '../config/schema/upstream-schema.ts'
import type { RouteConfig } from '../config/types.ts'
import type { Choice, Exchange, ServingUpstream } from '../contract/exchange.ts'
import type { Attempt } from '../contract/target.ts'
import type { TargetGroup } from './upstream.ts'

/** Links upstreams to their fallbacks. The names were checked: they exist and form no circle. */
export function linkFallbacks (upstreams: ReadonlyMap<string, TargetGroup>): void {
  for (const upstream of upstreams.values()) {
    const written = readFallback(upstream.config.fallback)
    if (written !== undefined) upstream.fallback = { upstream: upstreams.get(written.upstream)!, statuses: new Set(written.on) }
  }
}

/** `upstreams.*.fallback` in its long form. */
export function readFallback (written: Static<typeof FallbackSchema> | undefined): {
  readonly upstream: string,
  readonly on: readonly number[]
} | undefined {
  return typeof written === 'string' ? { upstream: written, on: [] } : written
}

/** An upstream, its fallback, the fallback of that one, and so on. */
export function withFallbacks<U extends ServingUpstream> (upstream: U): U[] {
  const chain = [upstream]
  // A fallback is one of the upstreams that it was linked with.
  for (let next = upstream.fallback; next !== undefined; next = next.upstream.fallback) chain.push(next.upstream as U)
  return chain
}

/** The upstreams that may serve a request of a route, fallbacks included; none for a route that the gateway answers itself. */
export function upstreamsOf<U extends ServingUpstream> ({
  upstream,
  target,
  split = []
}: RouteConfig, upstreams: ReadonlyMap<string, U>): ReadonlySet<U> {
  const names = [upstream, target, ...split.map(part => part.upstream)].filter(name => name !== undefined)
  return new Set(names.flatMap(name => withFallbacks(upstreams.get(name)!)))
}

/**
 * Selects the target of an exchange's first attempt: one of its upstream, or of a fallback where that refuses. Where
 * the fallbacks refuse too, the targets of the upstream that fail open are asked after all.
 * @throws GatewayError that the upstream of the exchange refused with
 */
export function selectFirst (exchange: Exchange, now: number): Attempt {
  const upstream = exchange.upstream!
  if (upstream.fallback === undefined) return upstream.select(exchange, now)
  try {
    return upstream.select(exchange, now)
  } catch (error) {
    // An error of the request is the same at every upstream.
    if (!(error instanceof GatewayError) || error.reason.fault === 'client') throw error
    const attempt = fallBack(exchange, now, error.reason.code)
    if (attempt !== undefined) return attempt
    if (error.code === 'no-target') return upstream.select(exchange, now, anyTarget)
    throw error
  }
}

const anyTarget: Choice = { allows: () => true, overrule: true }

/**
 * Hands an exchange on to the first of its upstream's fallbacks that has a target for it, and gives the attempt that
 * was entered there. Gives undefined where no fallback takes it; nothing has changed then. `why` says what kept the
 * upstream from serving it.
 */
export function fallBack (exchange: Exchange, now: number, why: string): Attempt | undefined {
  if (exchange.over) return undefined
  const { upstream, outgoing } = exchange
  for (let next = upstream!.fallback; next !== undefined; next = next.upstream.fallback) {
    exchange.decisions?.push({ by: 'proxying', verdict: 'fallback', why: `${next.upstream.name} in place of ${upstream!.name} (${why})` })
    exchange.upstream = next.upstream
    try {
      exchange.outgoing = exchange.prepare!(exchange)
      const attempt = next.upstream.select(exchange, now)
      attempt.kind = 'fallback'
      return attempt
    } catch {
      // It refuses as well. The next one is asked; if all refuse, the error of the first upstream stands.
    }
  }
  exchange.upstream = upstream
  exchange.outgoing = outgoing
  return undefined
}
