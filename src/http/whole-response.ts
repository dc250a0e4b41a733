/** Sends the headers and a small complete body in a single write. */

import { nodeHttp } from './node-http.ts'

/** In bytes. A longer body costs less to write in place than to copy. */
const mostCopied = 8 * 1024

/**
 * Node writes headers and a Buffer as two chunks, which costs a twelfth of a proxied request, but headers and a string
 * as one. A small Buffer is therefore passed as the latin1 string with the same bytes.
 */
export class WholeResponse extends nodeHttp.ServerResponse {
  override end (callback?: () => void): this
  override end (chunk: unknown, callback?: () => void): this
  override end (chunk: unknown, encoding: BufferEncoding, callback?: () => void): this
  override end (chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    const whole = Buffer.isBuffer(chunk) && chunk.length <= mostCopied
    return whole
      ? super.end(chunk.toString('latin1'), 'latin1', typeof encoding === 'function' ? encoding : callback)
      : super.end(chunk, encoding as BufferEncoding, callback)
  }
}
