/** Builds the spans of a finished exchange: one server span, and one client span for each attempt, by the semantic conventions for HTTP. */

import type { Attributes, SpanContext } from '@opentelemetry/api'
import type { TimedEvent } from '@opentelemetry/sdk-trace'
import { grpcStatusName, readGrpcPath, viaProtocol } from '../../../src/http/index.ts'
import type { Attempt, Exchange, TraceParent, TunnelRecord } from '../../../src/index.ts'
import { exceptionEvent, extraEvents } from './events.ts'
import { clientKind, RecordedSpan, serverKind, statusError, statusUnset, type Origin } from './recorded-span.ts'
import { targetAttributes } from './target-attributes.ts'

/** Methods that a span may be named after (RFC 9110, PATCH, QUERY); all others are `HTTP`, so that names stay few. */
const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', 'PATCH', 'QUERY'])

/** Spans of an exchange that ended at `now`; the server's comes first. `wall` is the same moment in milliseconds since 1970. */
export function spansOf (exchange: Exchange, now: number, wall: number, origin: Origin): RecordedSpan[] {
  const trace = exchange.trace!
  const offset = wall - now
  const state = trace.state === '' ? undefined : new TraceState(trace.state)
  const spans = [serverSpan(exchange, trace, state, now, offset, origin)]
  for (const [index, attempt] of exchange.attempts.entries()) {
    // One that was never sent has no place in the trace.
    if (attempt.spanId !== undefined) spans.push(clientSpan(exchange, trace, state, attempt, index, now, offset, origin))
  }
  return spans
}

function serverSpan (
  exchange: Exchange,
  trace: TraceParent,
  state: TraceState | undefined,
  now: number,
  offset: number,
  origin: Origin
): RecordedSpan {
  const { route, reason, reply, headers } = exchange
  const status = reply?.raw.headersSent === true ? reply.raw.statusCode : undefined
  const attributes = methodAttributes(exchange.method)
  attributes['url.path'] = exchange.path
  attributes['url.scheme'] = exchange.request?.protocol ?? 'http'
  attributes['client.address'] = exchange.clientIp
  attributes['network.peer.address'] = exchange.client.address
  attributes['network.protocol.version'] = viaProtocol(exchange.httpVersion)
  attributes['onedoor.request_id'] = exchange.id
  if (exchange.host !== undefined) attributes['server.address'] = exchange.host
  if (headers['user-agent'] !== undefined) attributes['user_agent.original'] = headers['user-agent']
  if (route !== undefined) {
    attributes['http.route'] = route.pattern
    attributes['onedoor.route'] = route.name
  }
  if (exchange.upstream !== undefined) attributes['onedoor.upstream'] = exchange.upstream.name
  if (status !== undefined) attributes['http.response.status_code'] = status
  if (exchange.grpc !== undefined) Object.assign(attributes, callAttributes(exchange.path, exchange.grpcStatus))
  if (exchange.tunnel !== undefined) Object.assign(attributes, tunnelAttributes(exchange.tunnel))
  const events: TimedEvent[] = exchange.attempts.length > 1 ? extraEvents(exchange.attempts, offset) : []
  let failed = status !== undefined && status >= 500
  if (reason !== undefined) {
    attributes['error.type'] = reason.code
    attributes['onedoor.fault'] = reason.fault
    failed ||= reason.fault !== 'client'
    if (exchange.cause !== undefined && failed) events.push(exceptionEvent(exchange.cause, now + offset))
  } else if (failed) attributes['error.type'] = String(status)
  return new RecordedSpan(origin, {
    name: route === undefined ? spanName(exchange.method) : `${spanName(exchange.method)} ${route.pattern}`,
    kind: serverKind,
    context: contextOf(trace, trace.spanId, state),
    parent: trace.parentId === undefined ? undefined : {
      traceId: trace.traceId,
      spanId: trace.parentId,
      traceFlags: trace.flags,
      isRemote: true
    },
    startedAt: exchange.startedAt + offset,
    endedAt: now + offset,
    attributes,
    events,
    // A response status describes the error, except for a truncated response, whose status was good.
    status: failed ? {
      code: statusError,
      ...(status !== undefined && status >= 500 ? {} : { message: reason!.title })
    } : { code: statusUnset }
  })
}

function clientSpan (
  exchange: Exchange,
  trace: TraceParent,
  state: TraceState | undefined,
  attempt: Attempt,
  index: number,
  now: number,
  offset: number,
  origin: Origin
): RecordedSpan {
  const { target, statusCode, failure, grpcStatus } = attempt
  const attributes = methodAttributes(exchange.method)
  Object.assign(attributes, targetAttributes(target))
  attributes['url.full'] = target.url + (exchange.outgoing?.path.split('?', 1)[0] ?? '')
  attributes['onedoor.attempt'] = attempt.kind
  if (attempt.outcome !== undefined) attributes['onedoor.outcome'] = attempt.outcome
  if (index > 0) attributes['http.request.resend_count'] = index
  if (statusCode !== undefined) attributes['http.response.status_code'] = statusCode
  if (exchange.grpc !== undefined) Object.assign(attributes, callAttributes(exchange.path, grpcStatus))
  const failed = failure !== undefined || (statusCode !== undefined && statusCode >= 400) || (grpcStatus ?? 0) !== 0
  if (failed) attributes['error.type'] = failure?.code ?? (grpcStatus === undefined ? String(statusCode) : grpcStatusName(grpcStatus)!)
  return new RecordedSpan(origin, {
    name: spanName(exchange.method),
    kind: clientKind,
    context: contextOf(trace, attempt.spanId!, state),
    parent: contextOf(trace, trace.spanId, state),
    startedAt: attempt.startedAt + offset,
    endedAt: (attempt.endedAt ?? now) + offset,
    attributes,
    events: [],
    status: failed ? { code: statusError, ...(failure === undefined ? {} : { message: failure.title }) } : { code: statusUnset }
  })
}

/** By the semantic conventions for RPC. */
function callAttributes (path: string, status: number | undefined): Attributes {
  const call = readGrpcPath(path)
  return {
    'rpc.system': 'grpc',
    ...(call === undefined ? {} : { 'rpc.service': call.service, 'rpc.method': call.method }),
    ...(status === undefined ? {} : { 'rpc.grpc.status_code': status })
  }
}

function tunnelAttributes ({ closedBy = 'client', closeCode = 1006, closing, messagesIn, messagesOut }: TunnelRecord): Attributes {
  return {
    'onedoor.websocket.closed_by': closedBy,
    'onedoor.websocket.close_code': closeCode,
    ...(closing === undefined ? {} : { 'onedoor.websocket.closing': closing }),
    'onedoor.websocket.messages_in': messagesIn,
    'onedoor.websocket.messages_out': messagesOut
  }
}

function methodAttributes (method: string): Attributes {
  return known.has(method) ? { 'http.request.method': method } : { 'http.request.method': '_OTHER', 'http.request.method_original': method }
}

function spanName (method: string): string {
  return known.has(method) ? method : 'HTTP'
}

function contextOf (trace: TraceParent, spanId: string, state: TraceState | undefined): SpanContext {
  const context = { traceId: trace.traceId, spanId, traceFlags: trace.flags }
  return state === undefined ? context : { ...context, traceState: state }
}

/** The field as it is passed on; only its text is ever asked for. */
class TraceState {
  readonly #text: string

  constructor (text: string) {
    this.#text = text
  }

  serialize (): string {
    return this.#text
  }

  get (): undefined {
    return undefined
  }

  set (): this {
    return this
  }

  unset (): this {
    return this
  }
}
