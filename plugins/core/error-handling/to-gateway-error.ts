/** Turns whatever was thrown into one of the reasons. */

import { GatewayError, type PluginHook, type Reason, type ReasonCode, reasons } from '../../../src/index.ts'

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

/** Reasons that mean the same as a status, whatever code throws it. */
const byStatus: Readonly<Record<number, ReasonCode>> = {
  403: 'forbidden',
  413: 'body-too-large',
  415: 'unsupported-media-type',
  429: 'rate-limited'
}

/**
 * Returns the error of the gateway for any thrown value:
 * - a GatewayError is what it says;
 * - an error with a status from 400 to 499 rejects the request: with the reason that means the same, or else as `rejected`. Its message is
 *   shown only where the error says `expose: true`;
 * - everything else is a `plugin-error` where a hook of a plugin was `running`, or else `internal`. A status from 500 to 599 is kept; the
 *   message is never shown.
 */
export function toGatewayError (thrown: unknown, running?: PluginHook): GatewayError {
  if (thrown instanceof GatewayError) return thrown
  const error = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as ForeignError
  const known = typeof error.code === 'string' ? byCode[error.code] : undefined
  if (known !== undefined) return new GatewayError(known, { cause: thrown })

  const status = error.statusCode ?? error.status
  if (isStatusFrom(400, status)) return rejection(error, status)
  const reason = running === undefined ? reasons.internal : reasons['plugin-error']
  const passed = isStatusFrom(500, status)
  return new GatewayError(passed ? withStatus(reason, status) : reason, { cause: thrown, ...headersOf(passed ? error : {}) })
}

function withStatus (reason: Reason, status: number): Reason {
  return reason.status === status ? reason : { ...reason, status }
}

function rejection (error: ForeignError, status: number): GatewayError {
  const { message, expose, code } = error
  // Other messages may have been made for a log. Fastify writes those of failed schemas for clients.
  const shown = (expose === true || code === 'FST_ERR_VALIDATION') && typeof message === 'string' && message !== ''
  const reason = withStatus(reasons[byStatus[status] ?? 'rejected'], status)
  return new GatewayError(reason, { cause: error, ...headersOf(error), ...(shown ? { detail: message } : {}) })
}

/** Whether it is a status of the hundred from `first`. */
function isStatusFrom (first: number, status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= first && (status as number) <= first + 99
}

/** Bytes that Node refuses in a field value; one of them would cost the client its whole response. */
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
