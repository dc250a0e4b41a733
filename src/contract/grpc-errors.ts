/** The gRPC status of every reason: what a gRPC client is told where others get an HTTP status. */

import { grpcStatus } from '../http/grpc/status.ts'
import { reasons, type Reason, type ReasonCode } from './errors.ts'

const {
  ABORTED, CANCELLED, DEADLINE_EXCEEDED, FAILED_PRECONDITION, INTERNAL, INVALID_ARGUMENT, NOT_FOUND, PERMISSION_DENIED, RESOURCE_EXHAUSTED,
  UNAUTHENTICATED, UNAVAILABLE, UNIMPLEMENTED, UNKNOWN
} = grpcStatus

const byCode: Readonly<Record<ReasonCode, number>> = {
  'bad-request': INVALID_ARGUMENT,
  'bad-target': INVALID_ARGUMENT,
  'ambiguous-path': INVALID_ARGUMENT,
  'bad-host': INVALID_ARGUMENT,
  'missing-token': UNAUTHENTICATED,
  'invalid-token': UNAUTHENTICATED,
  'insufficient-scope': PERMISSION_DENIED,
  'forbidden': PERMISSION_DENIED,
  'client-certificate-required': UNAUTHENTICATED,
  'client-certificate-refused': PERMISSION_DENIED,
  // A new connection may be the right one.
  'misdirected-request': UNAVAILABLE,
  'protocol-unsupported': UNIMPLEMENTED,
  'websocket-unsupported': UNIMPLEMENTED,
  // No call of gRPC asks for a WebSocket.
  'bad-websocket-handshake': INVALID_ARGUMENT,
  'websocket-version': INVALID_ARGUMENT,
  'websocket-refused': PERMISSION_DENIED,
  'origin-refused': PERMISSION_DENIED,
  'too-many-websockets': RESOURCE_EXHAUSTED,
  'message-too-large': RESOURCE_EXHAUSTED,
  'too-many-messages': RESOURCE_EXHAUSTED,
  // A service would say that of a method that it does not have.
  'not-found': UNIMPLEMENTED,
  'method-not-allowed': UNIMPLEMENTED,
  'conflict': FAILED_PRECONDITION,
  'request-timeout': DEADLINE_EXCEEDED,
  'body-too-large': RESOURCE_EXHAUSTED,
  'invalid-body': INVALID_ARGUMENT,
  'target-too-long': INVALID_ARGUMENT,
  'unsupported-media-type': INVALID_ARGUMENT,
  'unsupported-expectation': INVALID_ARGUMENT,
  // Not UNAVAILABLE, which clients take for a target that is down, and try again at once.
  'rate-limited': RESOURCE_EXHAUSTED,
  'headers-too-large': RESOURCE_EXHAUSTED,
  'client-closed': CANCELLED,
  'client-stalled': CANCELLED,
  'loop': INTERNAL,
  'maintenance': UNAVAILABLE,
  'rejected': INVALID_ARGUMENT,
  'connection-refused': UNAVAILABLE,
  'connection-terminated': UNAVAILABLE,
  'dns-error': UNAVAILABLE,
  'unroutable': UNAVAILABLE,
  'tls-error': UNAVAILABLE,
  'malformed-response': INTERNAL,
  'response-too-large': RESOURCE_EXHAUSTED,
  'response-cut': UNAVAILABLE,
  'connect-timeout': UNAVAILABLE,
  'response-timeout': DEADLINE_EXCEEDED,
  'idle-timeout': DEADLINE_EXCEEDED,
  'total-timeout': DEADLINE_EXCEEDED,
  'exchange-timeout': DEADLINE_EXCEEDED,
  'deadline-exceeded': DEADLINE_EXCEEDED,
  'upstream-error': UNAVAILABLE,
  'no-target': UNAVAILABLE,
  'overloaded': UNAVAILABLE,
  'buffers-full': UNAVAILABLE,
  'out-of-resources': UNAVAILABLE,
  'identity-unavailable': UNAVAILABLE,
  'limiter-unavailable': UNAVAILABLE,
  'shutdown': UNAVAILABLE,
  'shutting-down': UNAVAILABLE,
  'internal': INTERNAL,
  'plugin-error': INTERNAL,
  'policy-timeout': UNAVAILABLE,
  'plugin-response': INTERNAL
}

/** For reasons of plugins, and for those whose status a plugin has chosen (google.rpc.Code). */
const byStatus: Readonly<Record<number, number>> = {
  400: INVALID_ARGUMENT,
  401: UNAUTHENTICATED,
  403: PERMISSION_DENIED,
  404: NOT_FOUND,
  409: ABORTED,
  412: FAILED_PRECONDITION,
  413: RESOURCE_EXHAUSTED,
  429: RESOURCE_EXHAUSTED,
  499: CANCELLED,
  500: INTERNAL,
  501: UNIMPLEMENTED,
  502: UNAVAILABLE,
  503: UNAVAILABLE,
  504: DEADLINE_EXCEEDED
}

/** Returns the gRPC status of a reason. */
export function grpcStatusOf ({ code, status }: Reason): number {
  const known = Object.hasOwn(byCode, code) ? code as ReasonCode : undefined
  return known !== undefined && reasons[known].status === status ? byCode[known] : byStatus[status] ?? UNKNOWN
}
