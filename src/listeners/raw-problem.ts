/** Whole answers for what fails before there is an exchange: what Node's parser refuses, and a full house. */

import { STATUS_CODES } from 'node:http'
import { problemDocument, problemType, proxyStatus, type Reason } from '../contract/errors.ts'

/** Fields and body of the answer that says a reason and closes the connection. */
export interface ProblemMessage {
  readonly fields: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * The answer with the problem document of a reason.
 * @param via pseudonym of this gateway in Proxy-Status
 */
export function problemMessage (reason: Reason, via: string, requestId?: string): ProblemMessage {
  const body = problemDocument(reason, requestId)
  return {
    fields: {
      'content-type': problemType,
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      'proxy-status': proxyStatus(via, reason),
      connection: 'close'
    },
    body
  }
}

/** The same as bytes, to be written to a socket that is closed after it. */
export function rawProblem (reason: Reason, via: string): Buffer {
  const { fields, body } = problemMessage(reason, via)
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`HTTP/1.1 ${reason.status} ${STATUS_CODES[reason.status] ?? 'Error'}`, ...lines, '', body].join('\r\n'))
}
