/** What the attempt loop knows of gRPC: deadlines of clients, statuses of responses, and the trailers of a response that breaks off. */

import type { Reason } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import { grpcStatusOf } from '../contract/grpc-errors.ts'
import type { Attempt } from '../contract/target.ts'
import type { ResponseFields } from '../contract/transport.ts'
import { grpcForm } from '../http/grpc/media-type.ts'
import { writeGrpcMessage } from '../http/grpc/message.ts'
import { grpcStatusOfReset } from '../http/grpc/status.ts'
import { readGrpcTimeout, writeGrpcTimeout } from '../http/grpc/timeout.ts'
import { listHas } from '../http/hop-by-hop.ts'

const timeoutField = 'grpc-timeout'

/** Returns when the call must be over by the wish of its client, in monotonic milliseconds; Infinity where it has none. */
export function deadlineOf (exchange: Exchange): number {
  const value = exchange.grpc === undefined ? undefined : exchange.headers[timeoutField]
  const time = typeof value === 'string' ? readGrpcTimeout(value) : undefined
  return time === undefined ? Infinity : exchange.startedAt + time
}

/** Tells the target how much time is left for the call, in place of what the client has written. */
export function writeDeadline (fields: string[], left: number): void {
  const value = writeGrpcTimeout(left)
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]!.toLowerCase() !== timeoutField) continue
    fields[i + 1] = value
    return
  }
  fields.push(timeoutField, value)
}

/** Whether a response is one of gRPC. */
export function isGrpcResponse (headers: ResponseFields): boolean {
  const type = headers['content-type']
  return typeof type === 'string' && grpcForm(type) !== undefined
}

/** Returns the status for a client whose call has failed at an attempt for `reason`. */
export function failedStatus (reason: Reason, attempt: Attempt | undefined): number {
  const reset = reason.fault === 'upstream' ? attempt?.resetCode : undefined
  return reset === undefined ? grpcStatusOf(reason) : grpcStatusOfReset(reset)
}

/** Returns the trailers of a call that has failed after its response began; undefined where its client would not get them. */
export function failedTrailers (exchange: Exchange, reason: Reason, attempt: Attempt): ResponseFields | undefined {
  const { grpc, headers, response } = exchange
  if (grpc === undefined || response === undefined || !isGrpcResponse(response.headers)) return undefined
  if (grpc === 'grpc' && !listHas(headers.te, 'trailers')) return undefined
  exchange.grpcStatus = failedStatus(reason, attempt)
  return { 'grpc-status': String(exchange.grpcStatus), 'grpc-message': writeGrpcMessage(reason.title) }
}
