/** Requests that share their connection with others under way. */

import type { IncomingMessage } from 'node:http'
import type { ClientRequest } from '../contract/client-request.ts'

/**
 * Whether a request has a stream of its own (HTTP/2), which ends alone. The version says less: Node's parser of HTTP/1.1 also accepts
 * requests that call themselves HTTP/2.0.
 */
export function hasOwnStream (raw: IncomingMessage): boolean {
  return (raw as ClientRequest).malformed !== undefined
}
