/**
 * How much of what was written to a socket the kernel has not taken yet.
 *
 * Relies on: a socket has its handle as `_handle`, with `writeQueueSize` and `bytesWritten` in bytes. Documented is only
 * when a whole write is done, which for a long one takes longer than a client that reads may be blamed for, and nothing of
 * what HTTP/2 writes past the socket.
 * Checked with node 24.21.0.
 * Without it: both are 0, and only whole writes count as progress of a client.
 */

import type { Socket } from 'node:net'

type WithHandle = Socket & { readonly _handle?: { readonly writeQueueSize?: number, readonly bytesWritten?: number } | null }

/** Bytes of the write under way that the kernel has not taken. */
export function writeQueueOf (socket: Socket): number {
  return (socket as WithHandle)._handle?.writeQueueSize ?? 0
}

/** All bytes that were written, also past the socket, with those that the kernel has not taken. */
export function writtenOf (socket: Socket): number {
  return (socket as WithHandle)._handle?.bytesWritten ?? 0
}
