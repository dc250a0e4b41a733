/** What the access log says about one exchange. */

import type { Attempt } from '../../src/upstream/attempt.ts'
import type { Exchange } from '../../src/upstream/exchange.ts'

/** Fields that have nothing to say are left out of the line. Times are milliseconds with three decimals. */
export interface AccessLine {
  readonly requestId: string
  readonly traceId: string | undefined
  readonly method: string
  /** Without query: it may carry tokens and names of people. */
  readonly path: string
  /** Name of the route, or its pattern; the route label of the metrics. */
  readonly route: string | undefined
  /** 499 when the client left before it was answered. */
  readonly status: number
  /** Code and fault as in the problem document, also where the answer itself could not say it any more. */
  readonly code: string | undefined
  readonly fault: string | undefined
  /** From the head of the request to the end of the answer. */
  readonly durationMs: number
  readonly upstream: string | undefined
  /** Where the last attempt went. */
  readonly target: string | undefined
  readonly attempts: number | undefined
  /** Each attempt in order, where there was more than one. */
  readonly tries: readonly Try[] | undefined
  /** Waiting for the head of an answer, all attempts together. */
  readonly upstreamMs: number | undefined
  /** Body bytes. */
  readonly bytesIn: number
  readonly bytesOut: number
  /** Address without port. */
  readonly clientIp: string
  /** Subject of the verified token. */
  readonly sub: string | undefined
}

/** One of several attempts. */
export interface Try {
  readonly target: string
  /** `first`, `retry` or `hedge`. */
  readonly kind: string
  readonly status: number | undefined
  /** Code of its failure. */
  readonly reason: string | undefined
  /** Until the head of its answer, or its failure. */
  readonly ms: number
}

/** The line of an exchange that ended at `now`; reads only, so it can be made for an exchange that was never sent. */
export function accessLine (exchange: Exchange, now: number): AccessLine {
  const { reply, reason, attempts, attempt } = exchange
  const sent = reply?.raw.headersSent === true
  return {
    requestId: exchange.id,
    traceId: exchange.trace?.traceId,
    method: exchange.method,
    path: exchange.path === '' ? askedPath(exchange) : exchange.path,
    route: exchange.route?.name,
    status: sent ? reply.raw.statusCode : 499,
    code: reason?.code,
    fault: reason?.fault,
    durationMs: rounded(now - exchange.startedAt),
    upstream: exchange.upstream?.name,
    target: attempt?.target.url,
    attempts: attempt === undefined ? undefined : attempts.length,
    tries: attempts.length < 2 ? undefined : attempts.map(one => describe(one, now)),
    upstreamMs: attempt === undefined ? undefined : rounded(waited(attempts, now)),
    bytesIn: exchange.bytesIn,
    bytesOut: exchange.bytesOut,
    clientIp: exchange.clientIp,
    sub: subject(exchange)
  }
}

/** By who must look at it: a fault of the gateway is an error, one of an upstream a warning, and a client's is everyday life. */
export function accessLevel ({ reason }: Exchange): 'info' | 'warn' | 'error' {
  if (reason === undefined || reason.fault === 'client') return 'info'
  return reason.fault === 'upstream' ? 'warn' : 'error'
}

/** What was asked for where the request was refused before its path was read: the bytes that were refused are what one wants to see. */
function askedPath ({ request }: Exchange): string {
  const url = request?.originalUrl ?? ''
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}

function describe (attempt: Attempt, now: number): Try {
  return { target: attempt.target.url, kind: attempt.kind, status: attempt.statusCode, reason: attempt.failure?.code, ms: rounded(waitedFor(attempt, now)) }
}

function waited (attempts: readonly Attempt[], now: number): number {
  let sum = 0
  for (const attempt of attempts) sum += waitedFor(attempt, now)
  return sum
}

function waitedFor ({ startedAt, answeredAt, endedAt }: Attempt, now: number): number {
  return (answeredAt ?? endedAt ?? now) - startedAt
}

function subject ({ request }: Exchange): string | undefined {
  const sub = request?.claims?.['sub']
  return typeof sub === 'string' ? sub : undefined
}

function rounded (milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000
}
