/** Which origins are let in. An origin is compared as text, whole: scheme, host and port (RFC 6454 §4, §6.2). */

/** Whether pages of an origin, as its Origin field says it, are let in. */
export type OriginTest = (origin: string) => boolean

/** Compiles a list that {@link originProblem} has nothing to say about. */
export function compileOrigins (origins: readonly string[]): OriginTest {
  if (origins.includes('*')) return () => true
  const exact = new Set(origins.filter(origin => !origin.includes('*')))
  const below = origins.filter(origin => origin.includes('*')).map(compileBelow)
  return origin => exact.has(origin) || below.some(test => test(origin))
}

/** What is wrong with an origin of the file; undefined when nothing is. */
export function originProblem (text: string): string | undefined {
  if (text === '*') return undefined
  if (text === 'null') return '"null" is the origin of every sandboxed page and every local file; none of them can be told from the others'
  const wildcard = /^(https?):\/\/\*\./.test(text)
  const host = wildcard ? text.replace('*.', 'x.') : text
  const url = URL.parse(host)
  if (url === null || url.hostname === '' || host.includes('*')) return `"${text}" is not an origin: expected https://host, with a port where it is not the usual one, https://*.host, or *`
  const { origin } = url
  const written = wildcard ? origin.replace('//x.', '//*.') : origin
  return written === text ? undefined : `"${text}" is not how browsers write it: expected ${written === 'null' ? 'an http or https origin' : `"${written}"`}`
}

function compileBelow (pattern: string): OriginTest {
  const [scheme, host] = pattern.split('*') as [string, string]
  return origin => {
    if (!origin.startsWith(scheme) || !origin.endsWith(host)) return false
    const labels = origin.slice(scheme.length, -host.length)
    // Only names: a colon, a slash or an at sign would make the host another one.
    return labels.length > 0 && /^[a-z0-9_.-]+$/i.test(labels)
  }
}
