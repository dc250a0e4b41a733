/**
 * The memory of the chunks that a socket reads.
 *
 * Relies on: Node reads a socket into memory that it fills from front to back and never touches again once it is
 * full, and only Buffers of less than half the pool share memory with others.
 * Checked with node 24.21.0.
 * Without it: memory that is still in use could be freed. The guarding test exists for this one above all.
 */

/** Bytes; less is not worth it. */
const worthFreeing = 8 * 1024

/** Whether nothing reads the memory of a chunk any more once the chunk is written, so that it can be freed. */
export function isLastOfItsMemory ({ length, byteOffset, buffer }: Buffer): boolean {
  return length > worthFreeing && byteOffset + length === buffer.byteLength && (byteOffset === 0 || length >= longestShared())
}

/** Node cuts shorter Buffers from a piece that they share. */
function longestShared (): number {
  return Buffer.poolSize >>> 1
}
