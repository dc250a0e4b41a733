/** Counts the bytes of a response body. */

import type { ServerResponse } from 'node:http'
import { exchangeOf } from '../../../src/transport/index.ts'
import * as responseWrite from '../../../src/internals/node-response-write.ts'

/** Counts bytes that are streamed with `response.write`. A complete body needs no counting, because it has a Content-Length. */
export function countStreamed (response: ServerResponse): void {
  responseWrite.replaceWrite(response, countingWrite)
}

function countingWrite (this: ServerResponse, ...args: [chunk: string | Uint8Array, encoding: BufferEncoding]): boolean {
  const [chunk, encoding] = args
  exchangeOf(this.req).bytesOut += typeof chunk === 'string' ? Buffer.byteLength(chunk, encoding) : chunk.length
  return responseWrite.writeOriginal(this, args)
}

/**
 * The body bytes of a finished response.
 * @param streamed what was counted
 * @param declared its Content-Length, if it had one
 */
export function bytesSent ({ req, statusCode, writableFinished }: ServerResponse, streamed: number, declared: unknown): number {
  // Their Content-Length speaks of the body that another request would get (RFC 9110 §8.6).
  if (req.method === 'HEAD' || statusCode === 204 || statusCode === 304) return 0
  return streamed === 0 && writableFinished && declared !== undefined ? Number(declared) : streamed
}
