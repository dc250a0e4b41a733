/** The method label of metrics: a bounded set of values, whatever clients send. */

const known = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'QUERY'])

/** The method itself when it is one of RFC 9110, PATCH or QUERY, `OTHER` for all others. */
export function methodLabel (method: string): string {
  return known.has(method) ? method : 'OTHER'
}
