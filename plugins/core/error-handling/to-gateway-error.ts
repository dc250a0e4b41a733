/** Turns whatever was thrown into one of the reasons. */

import { GatewayError, type ReasonCode, reasons } from '../../../src/index.ts'

/** What errors of Fastify, http-errors and their like may carry. */
interface ForeignError {
  readonly message?: unknown
  readonly code?: unknown
  readonly statusCode?: unknown
  readonly status?: unknown
  readonly headers?: unknown
  /** http-errors: whether the message is for the client. */
  readonly expose?: unknown
}

/** Fastify's own errors that mean the same as one of ours. */
const byCode: Readonly<Record<string, ReasonCode>> = {
  FST_ERR_BAD_URL: 'bad-request',
  FST_ERR_INVALID_URL: 'bad-request',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'bad-request',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'bad-request',
  FST_ERR_CTP_INVALID_JSON_BODY: 'bad-request',
  FST_ERR_ROUTE_MISSING_CONTENT: 'bad-request',
  FST_ERR_ROUTE_MISSING_CONTENT_TYPE: 'bad-request',
  FST_ERR_CTP_BODY_TOO_LARGE: 'body-too-large',
  FST_ERR_MAX_PARAM_LENGTH: 'target-too-long',
  FST_ERR_NOT_FOUND: 'not-found'
}

/**
 * The gateway's word for any thrown value:
 * - a GatewayError is what it says;
 * - an error with a status from 400 to 499 is `rejected` with that status, its message shown unless it says `expose: false`;
 * - an error with 502, 503 or 504 keeps its status as `internal`, everything else is `internal`; their messages are never shown.
 */
export function toGatewayError (thrown: unknown): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ForeignError
  const known = typeof error.code === 'string' ? byCode[error.code] : undefined
  if (known !== undefined) return new GatewayError(known, { cause: thrown })

  const status = error.statusCode ?? error.status
  if (isClientFault(status)) return rejection(error, status)
  const passed = status === 502 || status === 503 || status === 504
  return new GatewayError(passed ? { ...reasons.internal, status } : 'internal', { cause: thrown, ...headersOf(passed ? error : {}) })
}

function rejection (error: ForeignError, status: number): GatewayError {
  const { message, expose } = error
  const shown = expose !== false && typeof message === 'string' && message !== '' && !isFastify(error)
  return new GatewayError({ ...reasons.rejected, status }, { cause: error, ...headersOf(error), ...(shown ? { detail: message } : {}) })
}

function isClientFault (status: unknown): status is number {
  return typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 499
}

/** Fastify puts bytes of the client into some of its messages; only what a schema says about them is worth showing. */
function isFastify ({ code }: ForeignError): boolean {
  return typeof code === 'string' && code.startsWith('FST_') && code !== 'FST_ERR_VALIDATION'
}

/** Bytes that Node refuses in a field value; one of them would cost the client its whole answer. */
const forbidden = /[^\t\x20-\x7e\x80-\xff]/

function headersOf ({ headers }: ForeignError): { headers?: Record<string, string> } {
  if (typeof headers !== 'object' || headers === null) return {}
  const safe: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = String(value)
    if (!forbidden.test(text)) safe[name.toLowerCase()] = text
  }
  return { headers: safe }
}
