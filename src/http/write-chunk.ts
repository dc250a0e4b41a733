/** Writing long bodies without leaving their memory to the garbage collector. */

import type { Writable } from 'node:stream'

/** Bytes; less is not worth it. */
const worthFreeing = 8 * 1024

/**
 * Writes a chunk as a socket gave it, which nobody reads any more, and frees its memory as soon as it has gone. Returns
 * whether the stream takes more.
 *
 * V8 counts memory outside of its heap: without this it would look through the whole heap for every 64 MiB that pass,
 * which is two fifths of what a long answer costs.
 */
export function writeChunk (stream: Writable, chunk: Buffer): boolean {
  return stream.write(chunk, isLastOfItsMemory(chunk) ? error => { if (!error) free(chunk) } : undefined)
}

/** A socket's memory is read from front to back, so behind the chunk that reaches its end nobody looks at it again. */
function isLastOfItsMemory ({ length, byteOffset, buffer }: Buffer): boolean {
  return length > worthFreeing && byteOffset + length === buffer.byteLength && (byteOffset === 0 || length >= longestShared())
}

/** Node cuts shorter Buffers from a piece that they share. */
function longestShared (): number {
  return Buffer.poolSize >>> 1
}

function free ({ buffer }: Buffer): void {
  if (buffer instanceof ArrayBuffer && !buffer.detached) buffer.transfer(0)
}
