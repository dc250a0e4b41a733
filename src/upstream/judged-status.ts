/** The status by which a target is judged. */

import type { Attempt } from '../contract/target.ts'
import { httpStatusOf } from '../http/grpc/status.ts'

/**
 * Returns the HTTP status of an attempt's response, or the one that its gRPC status corresponds to; undefined where there was no
 * response. The status of a gRPC response with messages is only known at its end.
 */
export function judgedStatus ({ statusCode, grpcStatus }: Pick<Attempt, 'statusCode' | 'grpcStatus'>): number | undefined {
  return grpcStatus === undefined ? statusCode : httpStatusOf(grpcStatus)
}
