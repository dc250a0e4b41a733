/** The fields of the access log for one exchange. A field without a value is undefined and omitted. */

import { answerStatus, askedPath, type Attempt, type Exchange, type TunnelRecord } from '../../../src/index.ts'
import { grpcStatusName } from '../../../src/http/index.ts'
import { milliseconds } from './milliseconds.ts'
import { quote } from './quote.ts'

/** Reads one field of an exchange that ended at `now`. A `number` is written as the text that is returned, and so is `json`. */
export type Field =
  | { readonly kind: 'text', readonly read: (exchange: Exchange, now: number) => string | undefined }
  | { readonly kind: 'number', readonly read: (exchange: Exchange, now: number) => number | string | undefined }
  | { readonly kind: 'json', readonly read: (exchange: Exchange, now: number) => string | undefined }

/** In every line unless excluded, in this order. */
export const usualFields = {
  requestId: text(exchange => exchange.id),
  traceId: text(exchange => exchange.trace?.traceId),
  method: text(exchange => exchange.method),
  // Without query: it may carry tokens and names of people.
  path: text(askedPath),
  // Name of the route, or its pattern; the route label of the metrics.
  route: text(exchange => exchange.route?.name),
  status: number(answerStatus),
  grpcStatus: text(({ grpcStatus }) => grpcStatus === undefined ? undefined : grpcStatusName(grpcStatus)),
  // Code and fault as in the problem document, even where the response had already begun.
  code: text(exchange => exchange.reason?.code),
  fault: text(exchange => exchange.reason?.fault),
  // The policy that rejected the request.
  policy: text(exchange => exchange.refusedBy),
  // From the request headers to the end of the response.
  durationMs: number((exchange, now) => milliseconds(now - exchange.startedAt)),
  upstream: text(exchange => exchange.upstream?.name),
  // Where the last attempt went.
  target: text(exchange => exchange.attempt?.target.url),
  attempts: number(({ attempts }) => attempts.length === 0 ? undefined : attempts.length),
  // Each attempt in order, where there was more than one, or the only one was made at a fallback.
  tries: {
    kind: 'json',
    read: ({ attempts }, now) => attempts.length < 2 && attempts[0]?.kind !== 'fallback'
      ? undefined
      : `[${attempts.map(attempt => describe(attempt, now)).join(',')}]`
  },
  // Time to response headers, of all attempts together.
  upstreamMs: number(({ attempts }, now) => attempts.length === 0 ? undefined : milliseconds(waited(attempts, now))),
  // Of a WebSocket: who closed it, with which code, why where it was the gateway, and its messages.
  websocket: { kind: 'json', read: ({ tunnel }) => tunnel === undefined ? undefined : describeTunnel(tunnel) },
  bytesIn: number(exchange => exchange.bytesIn),
  bytesOut: number(exchange => exchange.bytesOut),
  clientIp: text(exchange => exchange.clientIp),
  // Subject of the verified token.
  sub: text(subjectOf)
} satisfies Record<string, Field>

/** The authenticated client, by the subject of its token. */
export function subjectOf ({ request }: Exchange): string | undefined {
  const sub = request?.claims?.['sub']
  return typeof sub === 'string' ? sub : undefined
}

function text (read: (exchange: Exchange, now: number) => string | undefined): Field {
  return { kind: 'text', read }
}

function number (read: (exchange: Exchange, now: number) => number | string | undefined): Field {
  return { kind: 'number', read }
}

/**
 * One of several attempts: its kind is `first`, `retry`, `hedge` or `fallback`, `reason` the code of its
 * failure, `ms` the time to its response headers.
 */
function describe (attempt: Attempt, now: number): string {
  const { target, kind, statusCode, failure } = attempt
  const status = statusCode === undefined ? '' : `,"status":${statusCode}`
  const reason = failure === undefined ? '' : `,"reason":${quote(failure.code)}`
  return `{"target":${quote(target.url)},"kind":${quote(kind)}${status}${reason},"ms":${milliseconds(waitedFor(attempt, now))}}`
}

/** The code is of the first close frame; 1006 where a connection just ended. */
function describeTunnel ({ closedBy = 'client', closeCode = 1006, closing, messagesIn, messagesOut }: TunnelRecord): string {
  const why = closing === undefined ? '' : `,"why":${quote(closing)}`
  return `{"closedBy":${quote(closedBy)},"code":${closeCode}${why},"messagesIn":${messagesIn},"messagesOut":${messagesOut}}`
}

function waited (attempts: readonly Attempt[], now: number): number {
  let sum = 0
  for (const attempt of attempts) sum += waitedFor(attempt, now)
  return sum
}

function waitedFor ({ startedAt, answeredAt, endedAt }: Attempt, now: number): number {
  return (answeredAt ?? endedAt ?? now) - startedAt
}
