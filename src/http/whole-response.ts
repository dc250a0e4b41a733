/** Answers whose body is there whole leave in one write with their head. */

import { ServerResponse } from 'node:http'

/** Bytes; a longer body is cheaper to write from where it lies than to copy. */
const mostCopied = 8 * 1024

/**
 * Node writes a head and a Buffer as two pieces, which costs a twelfth of a proxied request; a head and text are one.
 * So a small Buffer is handed over as the text that has the same bytes.
 */
export class WholeResponse extends ServerResponse {
  override end (callback?: () => void): this
  override end (chunk: unknown, callback?: () => void): this
  override end (chunk: unknown, encoding: BufferEncoding, callback?: () => void): this
  override end (chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    const whole = Buffer.isBuffer(chunk) && chunk.length <= mostCopied
    return whole ? super.end(
      chunk.toString('latin1'),
      'latin1',
      typeof encoding === 'function' ? encoding : callback
    ) : super.end(chunk, encoding as BufferEncoding, callback)
  }
}
