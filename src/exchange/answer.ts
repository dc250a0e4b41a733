/** What was asked for and with which status that ended, as logs and figures say it. */

import type { Exchange } from '../contract/exchange.ts'

/** 499 when the client left before the response. */
export function answerStatus ({ reply }: Exchange): number {
  return reply?.raw.headersSent === true ? reply.raw.statusCode : 499
}

/** The path without query; where the request was refused before it was read, the bytes that were refused are what one wants to see. */
export function askedPath ({ path, request }: Exchange): string {
  if (path !== '') return path
  const url = request?.originalUrl ?? ''
  const query = url.indexOf('?')
  return query === -1 ? url : url.slice(0, query)
}
