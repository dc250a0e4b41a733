/** Maps the errors of Node and undici to the reasons why an attempt failed. */

import { GatewayError, reasons, type Reason, type ReasonCode } from '../contract/errors.ts'
import { isParserError, isUnrequestedResponse } from '../internals/undici-errors.ts'

/** Values of `retry.on`: groups of failures that are retried. */
export const failureGroups = {
  connect: ['connection-refused', 'dns-error', 'unroutable', 'tls-error', 'connect-timeout', 'protocol-unsupported'],
  reset: ['connection-terminated'],
  timeout: ['response-timeout'],
  malformed: ['malformed-response']
} as const satisfies Record<string, readonly ReasonCode[]>

export type FailureGroup = keyof typeof failureGroups

/** Codes of failures before any byte reached the target, so every method can be retried. */
export const unsent: ReadonlySet<string> = new Set(failureGroups.connect)

const byCode: Readonly<Record<string, ReasonCode>> = {
  // Resources that this machine lacks. They say nothing about the target.
  EMFILE: 'out-of-resources',
  ENFILE: 'out-of-resources',
  ENOMEM: 'out-of-resources',
  ENOBUFS: 'out-of-resources',
  EADDRNOTAVAIL: 'out-of-resources',
  ECONNREFUSED: 'connection-refused',
  ENOTFOUND: 'dns-error',
  EAI_AGAIN: 'dns-error',
  EAI_FAIL: 'dns-error',
  ENODATA: 'dns-error',
  EHOSTUNREACH: 'unroutable',
  ENETUNREACH: 'unroutable',
  ETIMEDOUT: 'connect-timeout',
  UND_ERR_CONNECT_TIMEOUT: 'connect-timeout',
  ECONNRESET: 'connection-terminated',
  EPIPE: 'connection-terminated',
  UND_ERR_SOCKET: 'connection-terminated',
  UND_ERR_CLOSED: 'connection-terminated',
  UND_ERR_DESTROYED: 'connection-terminated',
  UND_ERR_HEADERS_OVERFLOW: 'malformed-response',
  // Reported before the headers are complete, so the response is not truncated: it declares two lengths, or two framings.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed-response',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'malformed-response',
  // The target breaks the rules of the whole connection.
  ERR_HTTP2_ERROR: 'malformed-response',
  UND_ERR_INVALID_ARG: 'bad-request',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'bad-request'
}

/** Returns the reason for an error of an attempt whose response had not begun. Unknown errors count as a broken connection. */
export function classify (error: unknown): Reason {
  if (!(error instanceof Error)) return reasons['connection-terminated']
  if (error instanceof GatewayError) return error.reason
  // The code of a DOMException is a number.
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  if (isUnrequestedResponse(error)) return reasons['malformed-response']
  // The connection broke while it was being opened.
  if ((code === 'ECONNRESET' || code === 'EPIPE') && (error as NodeJS.ErrnoException).syscall === 'connect') {
    return reasons['connection-refused']
  }
  const known = byCode[code]
  // A failed TLS handshake appears as a socket error whose cause is the real error.
  if (known !== undefined && (known !== 'connection-terminated' || error.cause === undefined)) return reasons[known]
  if (isParserError(error, code)) return reasons['malformed-response']
  if (isTls(code, error)) return reasons['tls-error']
  if (error instanceof AggregateError && error.errors.length > 0) return classifyAll(error.errors)
  if (error.cause instanceof Error && error.cause !== error) return classify(error.cause)
  return reasons[known ?? 'connection-terminated']
}

/**
 * Several addresses were tried. An address without a route here (EADDRNOTAVAIL for ::1 without IPv6) says less than a refused connection.
 */
function classifyAll (errors: readonly unknown[]): Reason {
  const found = errors.map(classify)
  return found.find(({ fault }) => fault === 'upstream') ?? found[0]!
}

function isTls (code: string, error: Error): boolean {
  return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('CERT_') || code === 'EPROTO' ||
    code.includes('SELF_SIGNED') || code.includes('UNABLE_TO_') || code === 'DEPTH_ZERO_SELF_SIGNED_CERT' ||
      error.message.includes('SSL routines')
}
