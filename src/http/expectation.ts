/** What a client expects before it sends the body (RFC 9110 §10.1.1). */

import type { IncomingMessage } from 'node:http'

/** `continue` where it waits to be asked for the body, `unknown` where it expects anything else. HTTP/1.0 knows no expectations. */
export function expectationOf ({
  headers: { expect },
  httpVersion
}: Pick<IncomingMessage, 'headers' | 'httpVersion'>): 'none' | 'continue' | 'unknown' {
  if (expect === undefined || httpVersion === '1.0') return 'none'
  return expect.toLowerCase() === '100-continue' ? 'continue' : 'unknown'
}
