/** Which origins are allowed. An origin is compared as one string: scheme, host and port (RFC 6454 §4, §6.2). */

/** Whether an origin, as in the Origin field, is allowed. */
export type OriginTest = (origin: string) => boolean

/** Compiles a list without problems by {@link originProblem}. */
export function compileOrigins (origins: readonly string[]): OriginTest {
  if (origins.includes('*')) return () => true
  const exact = new Set(origins.filter(origin => !origin.includes('*')))
  const patterns = origins.filter(origin => origin.includes('*'))
    .map(pattern => pattern.endsWith(':*') ? compileAnyPort(pattern) : compileBelow(pattern))
  return origin => exact.has(origin) || patterns.some(test => test(origin))
}

/** The problem of a configured origin; undefined when it is valid. */
export function originProblem (text: string): string | undefined {
  if (text === '*') return undefined
  if (text === 'null') return '"null" is the origin of every sandboxed page and every local file; none of them can be told from the others'
  if (/^https?:/i.test(text)) return pageProblem(text)
  const app = /^([a-z][a-z0-9+.-]*):\/\/([a-z0-9_-]+(?:\.[a-z0-9_-]+)*)$/.exec(text)
  if (app === null) {
    return `"${text}" is not an origin: expected https://host, with a port where it is not the usual one, ` +
      'https://*.host, http://localhost:*, scheme://host of an app, or *'
  }
  // Pages of these schemes send "null", which does not identify a page.
  return [
    'file', 'data', 'blob', 'about', 'javascript', 'ws', 'wss', 'ftp'
  ].includes(app[1]!) ? `no page has the origin "${text}"` : undefined
}

function pageProblem (text: string): string | undefined {
  const wildcard = /^https?:\/\/\*\./.test(text)
  const anyPort = /^https?:\/\/[^*]*:\*$/.test(text)
  if (anyPort && !localhost.test(text)) {
    return `"${text}" has any port: that is for the loopback names of a developer's own machine, ` +
      'http://localhost:*, http://127.0.0.1:* and http://[::1]:*'
  }
  const host = wildcard ? text.replace('*.', 'x.') : anyPort ? text.slice(0, -2) : text
  const url = URL.parse(host)
  if (url === null || url.hostname === '' || host.includes('*')) {
    return `"${text}" is not an origin: expected https://host, with a port where it is not the usual one, https://*.host, or *`
  }
  const { origin } = url
  const written = (wildcard ? origin.replace('//x.', '//*.') : origin) + (anyPort ? ':*' : '')
  return written === text ? undefined : `"${text}" is not how browsers write it: expected "${written}"`
}

const localhost = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):\*$/

/** `http://localhost:*` is the host with any port or without one. */
function compileAnyPort (pattern: string): OriginTest {
  const host = pattern.slice(0, -2)
  return origin => origin === host || (origin.startsWith(`${host}:`) && /^[1-9]\d{0,4}$/.test(origin.slice(host.length + 1)))
}

function compileBelow (pattern: string): OriginTest {
  const [scheme, host] = pattern.split('*') as [string, string]
  return origin => {
    if (!origin.startsWith(scheme) || !origin.endsWith(host)) return false
    const labels = origin.slice(scheme.length, -host.length)
    // Only names: a colon, a slash or an at sign would change the host.
    return labels.length > 0 && /^[a-z0-9_.-]+$/i.test(labels)
  }
}
