/**
 * Why an attempt failed, as a number, so that state can keep it: the status of the response, that of
 * gRPC, or the position of a reason in its table.
 */

import { reasons } from '../contract/errors.ts'
import type { Attempt } from '../contract/target.ts'
import { grpcStatusName } from '../http/grpc/status.ts'

/** The cause of a failure without a response and without a reason. */
const unknown = 0

/** Added to the position of a reason. No status is as large. */
const offset = 1000

const codes = Object.keys(reasons)
const numbers: ReadonlyMap<string, number> = new Map(codes.map((code, position) => [code, position + offset]))

/** Added to a gRPC status. */
const grpcOffset = 2000

/** The cause of the failure of an attempt: its status, or the reason where there was none. */
export function causeOf ({ statusCode, grpcStatus, failure }: Pick<Attempt, 'statusCode' | 'grpcStatus' | 'failure'>): number {
  if (grpcStatus !== undefined) return grpcOffset + grpcStatus
  return statusCode ?? (failure === undefined ? unknown : reasonCause(failure.code))
}

/** The number of a reason. */
export function reasonCause (code: string): number {
  return numbers.get(code) ?? unknown
}

/** The code of the reason of a number; undefined for a status. */
export function causeReason (cause: number): string | undefined {
  return codes[cause - offset]
}

/** In words: `HTTP 503`, `gRPC UNAVAILABLE`, or the code of the reason. */
export function describeCause (cause: number): string {
  if (cause >= grpcOffset) return `gRPC ${grpcStatusName(cause - grpcOffset) ?? cause - grpcOffset}`
  return causeReason(cause) ?? (cause === unknown ? 'no answer' : `HTTP ${cause}`)
}
