/** What a gRPC client gets in place of an error document: a response with a status and no messages. */

import type { GatewayError } from '../../../src/index.ts'
import { grpcForm, withGrpcForm, writeGrpcMessage } from '../../../src/http/index.ts'

/** A response without messages. Its HTTP status is always 200. */
export interface GrpcResponse {
  readonly contentType: string
  readonly fields: Readonly<Record<string, string>>
}

/**
 * Returns the response for an error. Clients of gRPC-Web get it too: they read the status from the header fields where there is no body.
 * @param status of gRPC
 * @param asked the media type of the request
 */
export function grpcResponse ({ reason, detail, headers }: GatewayError, status: number, asked: string): GrpcResponse {
  const retryAfter = String(headers?.['retry-after'] ?? '')
  return {
    contentType: withGrpcForm(asked, grpcForm(asked)!),
    fields: {
      'grpc-status': String(status),
      'grpc-message': writeGrpcMessage(detail ?? reason.title),
      // Clients with a retry policy wait that long (gRPC A6).
      ...(/^\d{1,6}$/.test(retryAfter) ? { 'grpc-retry-pushback-ms': String(Number(retryAfter) * 1000) } : {})
    }
  }
}
