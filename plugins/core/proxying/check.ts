/** What is wrong with the forwarding rules of a file. */

import { checkTemplate, type Config, type Report, type RouteConfig, type Steps, type UpstreamConfig } from '../../../src/index.ts'
import { checkPathTemplate, fieldProblem, parametersOf, readHost } from '../../../src/http/index.ts'
import { child } from '../../../src/config/index.ts'
import { stripPrefixProblem } from './strip-prefix-problem.ts'
import { checkWebSocket } from './websocket-options.ts'

/** Reports templates and field names that cannot work, and settings that are dangerous. */
export function * checkProxying (config: Config, report: Report): Steps<void> {
  const { clientIpHeader, trustProxy } = config.server
  if (clientIpHeader !== undefined && trustProxy.length === 0) {
    report({
      severity: 'warning',
      pointer: '/server/clientIpHeader',
      message: `nobody is believed about ${clientIpHeader}: server.trustProxy names no proxy`
    })
  }
  for (const [index, route] of config.routes.entries()) {
    checkRoute(route, child('/routes', index), report)
    yield
  }
  for (const [name, { tls, targets, host, protocol }] of Object.entries(config.upstreams)) {
    yield
    // The upstream of a route's `target` stands at the route.
    if (name.includes('://')) continue
    const pointer = child('/upstreams', name)
    if (readHost(host) === undefined) {
      report({ pointer: child(pointer, 'host'), message: `"${host}" is neither target nor client nor a host name, with a port or without` })
    }
    if (!tls.verify) reportUnverified(name, pointer, report)
    for (const [place, target] of targets.entries()) {
      const url = typeof target === 'string' ? target : target.url
      const entry = child(child(pointer, 'targets'), place)
      if (typeof target !== 'string' && target.tls?.verify === false) reportUnverified(url ?? name, entry, report)
      // One that a plugin finds has none yet.
      // One that a plugin finds has its scheme in the key of the plugin.
      const written = url ?? Object.values(target).find(value => /^https?:\/\//.test(String(value))) as string | undefined
      const misfit = written === undefined ? undefined : checkProtocol(protocol, written)
      if (misfit !== undefined && url === undefined) report({ pointer: entry, message: misfit })
      const problem = url === undefined ? undefined : checkTarget(url) ?? misfit
      if (problem === undefined) continue
      report({ pointer: typeof target === 'string' ? entry : child(entry, 'url'), message: problem })
    }
  }
}

function reportUnverified (name: string, pointer: string, report: Report): void {
  report({
    severity: 'warning',
    pointer: child(child(pointer, 'tls'), 'verify'),
    message: `certificates of ${name} are not verified: anyone on the way can read and change its traffic`
  })
}

function checkRoute (route: RouteConfig, pointer: string, report: Report): void {
  if (route.target !== undefined) {
    const problem = checkTarget(route.target)
    if (problem !== undefined) report({ pointer: child(pointer, 'target'), message: problem })
  }
  checkWebSocket(route.websocket, child(pointer, 'websocket'), report)
  if (route.rewrite !== undefined && route.stripPrefix !== undefined) {
    report({ pointer: child(pointer, 'stripPrefix'), message: 'a route has either "rewrite" or "stripPrefix"' })
  }
  if (route.stripPrefix !== undefined) {
    const problem = stripPrefixProblem(route.stripPrefix, route.path)
    if (problem !== undefined) report({ pointer: child(pointer, 'stripPrefix'), message: problem })
  }
  if (route.rewrite !== undefined) {
    const problem = checkPathTemplate(route.rewrite, parametersOf(route.path))
    if (problem !== undefined) report({ pointer: child(pointer, 'rewrite'), message: problem })
  }
  for (const kind of ['set', 'add'] as const) {
    for (const [name, text] of Object.entries(route.requestQuery?.[kind] ?? {})) {
      const problem = checkTemplate(text)
      if (problem !== undefined) report({ pointer: child(child(child(pointer, 'requestQuery'), kind), name), message: problem })
    }
  }
  for (const key of ['requestHeaders', 'responseHeaders'] as const) {
    const { set = {}, add = {}, remove = [] } = route[key] ?? {}
    const place = child(pointer, key)
    for (const [kind, rules] of [['set', set], ['add', add]] as const) {
      for (const [name, text] of Object.entries(rules)) {
        const problem = fieldProblem(name) ?? checkTemplate(text)
        if (problem !== undefined) report({ pointer: child(child(place, kind), name), message: problem })
      }
    }
    for (const [index, name] of remove.entries()) {
      const problem = fieldProblem(name)
      if (problem !== undefined) report({ pointer: child(child(place, 'remove'), index), message: problem })
    }
  }
}

/** HTTP/2 has a key of its own for each scheme, so that a target without TLS is never taken for one with it. */
function checkProtocol (protocol: UpstreamConfig['protocol'], url: string): string | undefined {
  const scheme = { http1: undefined, h2: 'https://', h2c: 'http://' }[protocol]
  if (scheme === undefined || url.startsWith(scheme)) return undefined
  return `"protocol: ${protocol}" needs ${scheme} targets; use "protocol: ${protocol === 'h2' ? 'h2c' : 'h2'}" for this one`
}

function checkTarget (url: string): string | undefined {
  const parsed = URL.parse(url)
  if (parsed === null || parsed.hostname === '') return `"${url}" is not a URL`
  if (parsed.username !== '' || parsed.password !== '') return 'a target carries no user name or password; use requestHeaders.set'
  if (parsed.search !== '' || parsed.hash !== '') return 'a target is an origin with an optional base path, without "?" and "#"'
  return undefined
}
