/** Checks that need the whole file: names that are used but not defined or defined but not used, and texts with a syntax of their own. */

import type { Report } from '../../contract/plugin.ts'
import { serverAddressProblem } from '../../dns/server-address.ts'
import { redactionProblem } from '../../logging/log-redaction.ts'
import { networkProblem } from '../../http/client-address.ts'
import type { Steps } from '../../scheduling/steps.ts'
import { child } from '../pointer.ts'
import { nearest } from './nearest.ts'
import type { Config, UpstreamConfig } from '../types.ts'

/** Checks that every route has exactly one of the keys that say what serves it. */
export function * checkAnswers (config: Config, keys: readonly string[], report: Report): Steps<void> {
  for (const [index, route] of list(config.routes).entries()) {
    yield
    const present = keys.filter(key => (route as unknown as Record<string, unknown> | undefined)?.[key] !== undefined)
    if (present.length === 1) continue
    const pointer = child('/routes', index)
    // A misspelt key has been reported as unknown.
    if (present.length === 0 && Object.keys(route ?? {}).some(key => nearest(key, keys) !== undefined && !keys.includes(key))) continue
    if (present.length === 0) report({ pointer, message: 'nothing serves this route', hint: `give it one of ${keys.join(', ')}` })
    else {
      const message = `a route can be served in only one way, and this one already has "${present[0]}"`
      report({ pointer: child(pointer, present[1]!), at: 'key', message })
    }
  }
}

/** Checks that every target has exactly one of the keys that give its address. */
export function checkTargets (config: Config, keys: readonly string[], report: Report): void {
  for (const [name, upstream] of Object.entries(config.upstreams ?? {})) {
    for (const [index, target] of list(upstream?.targets).entries()) {
      if (typeof target !== 'object' || target === null) continue
      const present = keys.filter(key => (target as unknown as Record<string, unknown>)[key] !== undefined)
      if (present.length === 1) continue
      const pointer = child(child(child('/upstreams', name), 'targets'), index)
      if (present.length === 0) {
        report({ pointer, message: 'missing key "url"', hint: `or one of ${keys.filter(key => key !== 'url').join(', ')}` })
      } else {
        const message = `a target can have only one address, and this one already has "${present[0]}"`
        report({ pointer: child(pointer, present[1]!), at: 'key', message })
      }
    }
  }
}

/** Checks the names of policies and upstreams. `usedByPolicies` are the policies that others use. */
export function * checkReferences (config: Config, usedByPolicies: readonly string[], report: Report): Steps<void> {
  const policies = new Set(Object.keys(config.policies ?? {}))
  const upstreams = new Set(Object.keys(config.upstreams ?? {}))
  const used = new Set(usedByPolicies.map(name => `policy ${name}`))
  const check = (kind: string, known: ReadonlySet<string>, name: unknown, pointer: string): void => {
    if (typeof name !== 'string') return
    used.add(`${kind} ${name}`)
    if (known.has(name)) return
    const near = nearest(name, known)
    const message = `unknown ${kind} "${name}"`
    if (near !== undefined) report({ pointer, message, hint: `did you mean "${near}"?` })
    else report({ pointer, message, ...(known.size === 0 ? {} : { hint: `defined: ${[...known].slice(0, 10).join(', ')}` }) })
  }
  for (const [index, name] of list(config.server?.policies).entries()) check('policy', policies, name, child('/server/policies', index))
  for (const [index, route] of list(config.routes).entries()) {
    yield
    for (const [place, name] of list(route?.policies).entries()) {
      const pointer = child(child(child('/routes', index), 'policies'), place)
      check('policy', policies, name, pointer)
      if (list(route.policies).indexOf(name) < place) report({ pointer, message: `policy "${name}" is listed twice` })
      else if (list(config.server?.policies).includes(name)) {
        report({ severity: 'warning', pointer, message: `policy "${name}" already runs for every request (server.policies)` })
      }
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
    const [pointer] = fallbackName(config.upstreams[first!], child('/upstreams', first!))
    report({ pointer, message: `"${first!}" is its own fallback: ${[...circle, first].join(' → ')}` })
  }
  for (const name of policies) {
    if (used.has(`policy ${name}`)) continue
    report({ severity: 'warning', at: 'key', pointer: child('/policies', name), message: `policy "${name}" is listed nowhere` })
  }
  for (const name of upstreams) {
    if (used.has(`upstream ${name}`) || list(config.routes).some(route => route?.target === name)) continue
    report({ severity: 'warning', at: 'key', pointer: child('/upstreams', name), message: `upstream "${name}" is used by no route` })
  }
}

/** Checks the syntax of `logging.redact`. */
export function checkRedaction (config: Config, report: Report): void {
  for (const [index, entry] of list(config.logging?.redact).entries()) {
    const message = typeof entry === 'string' ? redactionProblem(entry) : undefined
    if (message !== undefined) report({ pointer: child('/logging/redact', index), message })
  }
}

/** The names of upstreams in a route, with their places: `upstream`, or those of `split`. */
function * upstreamNames (route: Config['routes'][number] | undefined, pointer: string): Generator<[pointer: string, name: unknown]> {
  if (route?.upstream !== undefined) yield [child(pointer, 'upstream'), route.upstream]
  for (const [index, part] of list(route?.split).entries()) {
    yield [child(child(child(pointer, 'split'), index), 'upstream'), part?.upstream]
  }
}

/** The name of the fallback of an upstream, with its place. */
function fallbackName (upstream: Partial<UpstreamConfig> | undefined, pointer: string): [pointer: string, name: unknown] {
  const fallback = upstream?.fallback
  const place = child(pointer, 'fallback')
  return typeof fallback === 'object' ? [child(place, 'upstream'), fallback?.upstream] : [place, fallback]
}

/** Finds cycles of names that lead to each other. Yields each once. */
function * circlesOf (next: ReadonlyMap<string, string>): Generator<string[]> {
  const seen = new Set<string>()
  for (const start of next.keys()) {
    const path: string[] = []
    let at: string | undefined = start
    for (; at !== undefined && !seen.has(at); at = next.get(at)) {
      seen.add(at)
      path.push(at)
    }
    const back = path.indexOf(at!)
    if (back !== -1) yield path.slice(back)
  }
}

function list<T> (value: readonly T[] | undefined): readonly T[] {
  return Array.isArray(value) ? value : []
}

/** Checks the networks of the proxies in front of the gateway. */
export function checkNetworks ({ server }: Config, report: Report): void {
  for (const key of ['trustProxy', 'proxyProtocol'] as const) {
    for (const [index, text] of server[key].entries()) {
      const message = networkProblem(text)
      if (message === undefined) continue
      const hint = text.includes(',') ? { hint: 'write each of them as an item of its own' } : {}
      report({ pointer: child(`/server/${key}`, index), message, ...hint })
    }
  }
}

/** Warns when the number of client connections is not limited. */
export function checkConnections ({ server: { limits } }: Config, report: Report): void {
  if (limits.connections !== 0) return
  report({
    severity: 'warning',
    pointer: '/server/limits/connections',
    message: 'there is no limit: clients may use up the files that the process may open',
    hint: 'without the key it is half of them'
  })
}

/** Warns of Unix sockets that further threads do not serve. */
export function checkThreads ({ server: { threads }, listeners }: Config, report: Report): void {
  if (threads === 'auto' || threads === 1) return
  for (const [index, { socket }] of listeners.entries()) {
    if (socket === undefined) continue
    report({
      severity: 'warning',
      pointer: child(child('/listeners', index), 'socket'),
      message: 'only one thread serves a Unix socket',
      hint: 'ports are served by all'
    })
  }
}

/** Checks the addresses of name servers. */
export function checkDns ({ dns }: Config, report: Report): void {
  for (const [index, text] of dns.resolvers.entries()) {
    const message = serverAddressProblem(text)
    if (message !== undefined) report({ pointer: child('/dns/resolvers', index), message })
  }
}
