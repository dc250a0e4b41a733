/** Interim responses (1xx) of a target on their way to the client (RFC 9110 §15.2). */

import type { Exchange } from '../../../src/index.ts'
import { type ResponseHeaders, stripResponseHeaders } from '../../../src/http/index.ts'

/** Bytes that may wait for a client that does not read; what comes beyond them is no longer passed on. */
const mostWaiting = 16 * 1024

/** Passes one on, unless the client does not know them or its response has begun. */
export function passInterim (exchange: Exchange, statusCode: number, headers: ResponseHeaders): void {
  const { raw } = exchange.reply!
  if (exchange.over || raw.headersSent || exchange.httpVersion === '1.0' || raw.writableLength > mostWaiting) return
  const fields = stripResponseHeaders(headers)
  for (const name of ['content-length', 'x-request-id', ...exchange.route?.config.responseHeaders?.remove ?? []]) {
    delete fields[name.toLowerCase()]
  }
  const list: string[] = []
  for (const [name, value] of Object.entries(fields)) {
    for (const one of typeof value === 'string' ? [value] : value) list.push(name, one)
  }
  try {
    raw.writeInformation(statusCode, list)
  } catch {
    // A field that Node would not send. The response goes on without the hint.
  }
}
