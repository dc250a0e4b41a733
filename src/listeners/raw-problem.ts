/** Complete responses for errors before there is an exchange: parse errors, and too many connections. */

import { problemDocument, problemType, proxyStatus, type Reason } from '../contract/errors.ts'
import { allowsServed } from '../http/methods.ts'
import { nodeHttp } from '../http/node-http.ts'

/** Header fields and body of a response that gives a reason and closes the connection. */
export interface ProblemMessage {
  readonly fields: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Creates the response with the problem document of a reason.
 * @param via the pseudonym of this gateway in Proxy-Status
 */
export function problemMessage (reason: Reason, via: string, requestId?: string, detail?: string): ProblemMessage {
  const body = problemDocument(reason, requestId, detail === undefined ? {} : { detail })
  return {
    fields: {
      'content-type': problemType,
      'content-length': String(Buffer.byteLength(body)),
      'cache-control': 'no-store',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
      'proxy-status': proxyStatus(via, reason),
      ...(reason.status === 405 ? { allow: allowsServed } : {}),
      connection: 'close'
    },
    body
  }
}

/** Creates the same response as bytes, for a socket that is closed after it. */
export function rawProblem (reason: Reason, via: string, detail?: string): Buffer {
  const { fields, body } = problemMessage(reason, via, undefined, detail)
  // RFC 9110 §6.6.1. Node adds it to responses of its own.
  const lines = Object.entries({ ...fields, date: new Date().toUTCString() }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`HTTP/1.1 ${reason.status} ${nodeHttp.STATUS_CODES[reason.status] ?? 'Error'}`, ...lines, '', body].join('\r\n'))
}
