/** Writes long bodies and frees their memory without waiting for the garbage collector. */

import type { Writable } from 'node:stream'
import type { Ownership } from '../contract/response.ts'
import { isLastOfItsMemory } from '../internals/node-read-buffers.ts'

/**
 * Writes a chunk, and frees the memory of a given one once it is written. Returns false when the stream asks for a pause.
 *
 * V8 counts memory outside of its heap: without this it would look through the whole heap for every 64 MiB that pass,
 * which is two fifths of the cost of a long response.
 */
export function writeChunk (stream: Writable, chunk: Buffer, ownership: Ownership): boolean {
  return stream.write(chunk, ownership === 'given' && isLastOfItsMemory(chunk) ? error => { if (!error) free(chunk) } : undefined)
}

function free ({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}
