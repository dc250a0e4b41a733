/** Turns what Node and undici throw at an attempt into one of the reasons. */

import { reasons, type Reason, type ReasonCode } from '../contract/errors.ts'

/** Words of `retry.on`: groups of failures that are worth another attempt. */
export const failureGroups = {
  connect: ['connection-refused', 'dns-error', 'unroutable', 'tls-error', 'connect-timeout'],
  reset: ['connection-terminated'],
  timeout: ['response-timeout'],
  malformed: ['malformed-response']
} as const satisfies Record<string, readonly ReasonCode[]>

export type FailureGroup = keyof typeof failureGroups

/** Codes of failures after which not one byte has reached the target, so that every method is safe. */
export const unsent: ReadonlySet<string> = new Set(failureGroups.connect)

const byCode: Readonly<Record<string, ReasonCode>> = {
  // What this machine lacks: no target is to blame.
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
  // Before its head is complete an answer cannot be cut: it declares two lengths, or two framings.
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'malformed-response',
  // undici asserts what a parsed status can be.
  ERR_ASSERTION: 'malformed-response',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'malformed-response',
  UND_ERR_INVALID_ARG: 'bad-request',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'bad-request'
}

/** What an error of a connection says about it, as its `socket`. */
export interface SocketUse {
  readonly bytesRead: number
  /** Whether it broke before all that was to be written was. */
  readonly writing: boolean
}

/** What is known about the connection behind an error. */
export function useOf (error: unknown): SocketUse | undefined {
  return (error as { socket?: SocketUse } | undefined)?.socket
}

/** The reason behind an error of an attempt whose answer had not begun. Unknown errors count as a broken connection. */
export function classify (error: unknown): Reason {
  if (!(error instanceof Error)) return reasons['connection-terminated']
  // A DOMException has a number for a code.
  const code = String((error as NodeJS.ErrnoException).code ?? '')
  if (unasked.has(error.message)) return reasons['malformed-response']
  // A connection that broke while it was made never was one.
  if ((code === 'ECONNRESET' || code === 'EPIPE') && (error as NodeJS.ErrnoException).syscall === 'connect') return reasons['connection-refused']
  const known = byCode[code]
  // A refused handshake surfaces as a socket error whose cause is the refusal.
  if (known !== undefined && (known !== 'connection-terminated' || error.cause === undefined)) return reasons[known]
  if (error.name === 'HTTPParserError' || code.startsWith('HPE_')) return reasons['malformed-response']
  if (isTls(code, error)) return reasons['tls-error']
  if (error instanceof AggregateError && error.errors.length > 0) return classifyAll(error.errors)
  if (error.cause instanceof Error && error.cause !== error) return classify(error.cause)
  return reasons[known ?? 'connection-terminated']
}

/** Several addresses were tried: one without a route here (EADDRNOTAVAIL for ::1 where there is no IPv6) says less than one that refused. */
function classifyAll (errors: readonly unknown[]): Reason {
  const found = errors.map(classify)
  return found.find(({ fault }) => fault === 'upstream') ?? found[0]!
}

/** What undici says of a 101 or a 100 that nobody asked for: the code of a broken socket, and nothing else to tell them by. */
const unasked: ReadonlySet<string> = new Set(['bad upgrade', 'bad response'])

function isTls (code: string, error: Error): boolean {
  return code.startsWith('ERR_TLS') || code.startsWith('ERR_SSL') || code.startsWith('CERT_') || code === 'EPROTO' ||
    code.includes('SELF_SIGNED') || code.includes('UNABLE_TO_') || code === 'DEPTH_ZERO_SELF_SIGNED_CERT' || error.message.includes('SSL routines')
}
