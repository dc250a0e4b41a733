/** The status codes of gRPC, and what they correspond to in HTTP and HTTP/2. */

/** Codes by name, as the `grpc-status` field has them. */
export const grpcStatus = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16
} as const

export type GrpcStatusName = keyof typeof grpcStatus

const names = Object.keys(grpcStatus) as readonly GrpcStatusName[]

/** Returns the name of a code; undefined for a number that is no code. */
export function grpcStatusName (code: number): GrpcStatusName | undefined {
  return names[code]
}

/**
 * Reads the value of a `grpc-status` field. A client treats a number that is no code as UNKNOWN, and so does this function.
 * Returns undefined where there is no field.
 */
export function readGrpcStatus (value: string | readonly string[] | undefined): number | undefined {
  if (value === undefined) return undefined
  const text = typeof value === 'string' ? value : value.at(-1) ?? ''
  const code = /^\d{1,3}$/.test(text) ? Number(text) : grpcStatus.UNKNOWN
  return code < names.length ? code : grpcStatus.UNKNOWN
}

/**
 * The HTTP status by which a target is judged, by code. It is that of google.rpc.Code, except for two codes that any client can cause:
 * DEADLINE_EXCEEDED with a short deadline, and UNIMPLEMENTED with the name of any method. They are no 5xx.
 */
const httpStatuses: readonly number[] = [200, 499, 500, 400, 408, 404, 409, 403, 429, 400, 409, 400, 404, 500, 503, 500, 401]

/** Returns the HTTP status by which a target is judged that responds with a code. 500 and above means that it has failed. */
export function httpStatusOf (code: number): number {
  return httpStatuses[code] ?? 500
}

const byHttpStatus: Readonly<Record<number, number>> = {
  400: grpcStatus.INTERNAL,
  401: grpcStatus.UNAUTHENTICATED,
  403: grpcStatus.PERMISSION_DENIED,
  404: grpcStatus.UNIMPLEMENTED,
  429: grpcStatus.UNAVAILABLE,
  502: grpcStatus.UNAVAILABLE,
  503: grpcStatus.UNAVAILABLE,
  504: grpcStatus.UNAVAILABLE
}

/** Returns the code that gRPC clients give a response without `grpc-status` (gRPC, "HTTP to gRPC Status Code Mapping"). */
export function grpcStatusOfHttp (status: number): number {
  return byHttpStatus[status] ?? grpcStatus.UNKNOWN
}

/** HTTP/2 error codes whose meaning is not INTERNAL (gRPC over HTTP/2, "Errors"). */
const byErrorCode: Readonly<Record<number, number>> = {
  // REFUSED_STREAM, CANCEL, ENHANCE_YOUR_CALM, INADEQUATE_SECURITY
  7: grpcStatus.UNAVAILABLE,
  8: grpcStatus.CANCELLED,
  11: grpcStatus.RESOURCE_EXHAUSTED,
  12: grpcStatus.PERMISSION_DENIED
}

/** Returns the code for a stream that the peer has reset with an HTTP/2 error code. */
export function grpcStatusOfReset (errorCode: number): number {
  return byErrorCode[errorCode] ?? grpcStatus.INTERNAL
}
