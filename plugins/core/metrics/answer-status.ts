/** The status of a request for metrics. */

import type { Exchange } from '../../../src/index.ts'

/** 499 when the client left before the response, as in nginx. */
export function answerStatus ({ reply }: Exchange): number {
  return reply?.raw.headersSent === true ? reply.raw.statusCode : 499
}
