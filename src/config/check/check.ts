/** What only the whole file can tell: names that are used but not defined, and the other way round. */

import type { Report } from '../../contract/plugin.ts'
import { serverAddressProblem } from '../../dns/server-address.ts'
import { redactionProblem } from '../../logging/log-redaction.ts'
import { networkProblem } from '../../http/client-address.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { child } from '../pointer.ts'
import { nearest } from './problem.ts'
import type { Config, UpstreamConfig } from '../types.ts'

/** Checks that every route has exactly one of the keys that say who answers. */
export function * checkAnswers (config: Config, keys: readonly string[], report: Report): Steps<void> {
  for (const [index, route] of list(config.routes).entries()) {
    yield
    const present = keys.filter(key => (route as unknown as Record<string, unknown> | undefined)?.[key] !== undefined)
    if (present.length === 1) continue
    const pointer = child('/routes', index)
    // A key that is nearly one of them has been reported as unknown.
    if (present.length === 0 && Object.keys(route ?? {}).some(key => nearest(key, keys) !== undefined && !keys.includes(key))) continue
    if (present.length === 0) report({ pointer, message: 'nobody answers for this route', hint: `give it one of ${keys.join(', ')}` })
    else report({ pointer: child(pointer, present[1]!), at: 'key', message: `a route is answered in one way, and this one already has "${present[0]}"` })
  }
}

/** Checks that every target has exactly one of the keys that say where it is. */
export function checkTargets (config: Config, keys: readonly string[], report: Report): void {
  for (const [name, upstream] of Object.entries(config.upstreams ?? {})) {
    for (const [index, target] of list(upstream?.targets).entries()) {
      if (typeof target !== 'object' || target === null) continue
      const present = keys.filter(key => (target as unknown as Record<string, unknown>)[key] !== undefined)
      if (present.length === 1) continue
      const pointer = child(child(child('/upstreams', name), 'targets'), index)
      if (present.length === 0) report({ pointer, message: 'missing key "url"', hint: `or one of ${keys.filter(key => key !== 'url').join(', ')}` })
      else report({ pointer: child(pointer, present[1]!), at: 'key', message: `a target is found in one way, and this one already has "${present[0]}"` })
    }
  }
}

/** Checks the names of policies and upstreams. `usedByPolicies` are the policies that others make use of. */
export function * checkReferences (config: Config, usedByPolicies: readonly string[], report: Report): Steps<void> {
  const policies = new Set(Object.keys(config.policies ?? {}))
  const upstreams = new Set(Object.keys(config.upstreams ?? {}))
  const used = new Set(usedByPolicies.map(name => `policy ${name}`))
  const check = (kind: string, known: ReadonlySet<string>, name: unknown, pointer: string): void => {
    if (typeof name !== 'string') return
    used.add(`${kind} ${name}`)
    if (known.has(name)) return
    const near = nearest(name, known)
    report({ pointer, message: `unknown ${kind} "${name}"`, ...(near === undefined ? known.size === 0 ? {} : { hint: `defined: ${[...known].slice(0, 10).join(', ')}` } : { hint: `did you mean "${near}"?` }) })
  }
  for (const [index, name] of list(config.server?.policies).entries()) check('policy', policies, name, child('/server/policies', index))
  for (const [index, route] of list(config.routes).entries()) {
    yield
    for (const [place, name] of list(route?.policies).entries()) {
      const pointer = child(child(child('/routes', index), 'policies'), place)
      check('policy', policies, name, pointer)
      if (list(route.policies).indexOf(name) < place) report({ pointer, message: `policy "${name}" is listed twice` })
      else if (list(config.server?.policies).includes(name)) report({ severity: 'warning', pointer, message: `policy "${name}" already runs for every request (server.policies)` })
    }
    for (const [pointer, name] of upstreamNames(route, child('/routes', index))) check('upstream', upstreams, name, pointer)
  }
  const fallbacks = new Map<string, string>()
  for (const [name, upstream] of Object.entries(config.upstreams ?? {})) {
    const [pointer, fallback] = fallbackName(upstream, child('/upstreams', name))
    check('upstream', upstreams, fallback, pointer)
    if (typeof fallback === 'string') fallbacks.set(name, fallback)
  }
  for (const circle of circlesOf(fallbacks)) {
    const [first] = circle
    report({ pointer: fallbackName(config.upstreams[first!], child('/upstreams', first!))[0], message: `"${first!}" is its own fallback: ${[...circle, first].join(' → ')}` })
  }
  for (const name of policies) {
    if (!used.has(`policy ${name}`)) report({ severity: 'warning', at: 'key', pointer: child('/policies', name), message: `policy "${name}" is listed nowhere` })
  }
  for (const name of upstreams) {
    if (!used.has(`upstream ${name}`) && !list(config.routes).some(route => route?.target === name)) report({ severity: 'warning', at: 'key', pointer: child('/upstreams', name), message: `upstream "${name}" is used by no route` })
  }
}

/** Checks that `logging.redact` says things that can be found. */
export function checkRedaction (config: Config, report: Report): void {
  for (const [index, entry] of list(config.logging?.redact).entries()) {
    const message = typeof entry === 'string' ? redactionProblem(entry) : undefined
    if (message !== undefined) report({ pointer: child('/logging/redact', index), message })
  }
}

/** Where a route names upstreams: `upstream`, or the names of its `split`. */
function * upstreamNames (route: Config['routes'][number] | undefined, pointer: string): Generator<[pointer: string, name: unknown]> {
  if (route?.upstream !== undefined) yield [child(pointer, 'upstream'), route.upstream]
  for (const [index, part] of list(route?.split).entries()) yield [child(child(child(pointer, 'split'), index), 'upstream'), part?.upstream]
}

/** Where an upstream names its fallback, and how. */
function fallbackName (upstream: Partial<UpstreamConfig> | undefined, pointer: string): [pointer: string, name: unknown] {
  const fallback = upstream?.fallback
  const place = child(pointer, 'fallback')
  return typeof fallback === 'object' ? [child(place, 'upstream'), fallback?.upstream] : [place, fallback]
}

/** The circles of names that lead to each other, each once. */
function * circlesOf (next: ReadonlyMap<string, string>): Generator<string[]> {
  const seen = new Set<string>()
  for (const start of next.keys()) {
    const way: string[] = []
    let at: string | undefined = start
    for (; at !== undefined && !seen.has(at); at = next.get(at)) {
      seen.add(at)
      way.push(at)
    }
    const back = way.indexOf(at!)
    if (back !== -1) yield way.slice(back)
  }
}

function list<T> (value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}

/** Checks the networks of the proxies in front. */
export function checkNetworks ({ server }: Config, report: Report): void {
  for (const key of ['trustProxy', 'proxyProtocol'] as const) {
    for (const [index, text] of server[key].entries()) {
      const message = networkProblem(text)
      if (message !== undefined) report({ pointer: child(`/server/${key}`, index), message, ...(text.includes(',') ? { hint: 'write each of them as an item of its own' } : {}) })
    }
  }
}

/** Checks the number of connections that clients may have. */
export function checkConnections ({ server: { limits } }: Config, report: Report): void {
  if (limits.connections === 0) report({ severity: 'warning', pointer: '/server/limits/connections', message: 'there is no limit: clients may use up the files that the process may open', hint: 'without the key it is half of them' })
}

/** Checks the addresses of name servers. */
export function checkDns ({ dns }: Config, report: Report): void {
  for (const [index, text] of dns.resolvers.entries()) {
    const message = serverAddressProblem(text)
    if (message !== undefined) report({ pointer: child('/dns/resolvers', index), message })
  }
}
