/** CORS preflights: a browser asks whether it may send what a page wants to send (Fetch §3.3.2). */

import type { IncomingHttpHeaders } from 'node:http'

/** Whether a request is a preflight. Repeated fields come joined by a comma, which is no method and no origin. */
export function isPreflight ({ method, headers }: { readonly method: string, readonly headers: IncomingHttpHeaders }): boolean {
  return method === 'OPTIONS' && headers.origin !== undefined && headers['access-control-request-method'] !== undefined
}
