/** Whole answers as bytes, for requests that fail before there is a request: what Node's parser refuses, and a full house. */

import { STATUS_CODES } from 'node:http'
import { problemDocument, problemType, proxyStatus, type Reason } from './errors.ts'

/**
 * A complete HTTP/1.1 answer with the problem document of a reason, to be written to a socket that is closed after it.
 * @param via pseudonym of this gateway in Proxy-Status
 */
export function rawProblem (reason: Reason, via: string): Buffer {
  const body = problemDocument(reason, undefined)
  return Buffer.from([
    `HTTP/1.1 ${reason.status} ${STATUS_CODES[reason.status] ?? 'Error'}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'cache-control: no-store',
    `proxy-status: ${proxyStatus(via, reason)}`,
    'connection: close',
    '',
    body
  ].join('\r\n'))
}
