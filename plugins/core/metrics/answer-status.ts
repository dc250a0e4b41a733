/** The status that counts. */

import type { Exchange } from '../../../src/index.ts'

/** 499 when the client left before it was answered, as nginx has it. */
export function answerStatus ({ reply }: Exchange): number {
  return reply?.raw.headersSent === true ? reply.raw.statusCode : 499
}
