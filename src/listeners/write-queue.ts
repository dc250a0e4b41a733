/** How much of what was written to a socket has not yet been taken by the kernel. */

import type { Socket } from 'node:net'

type WithHandle = Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }

/**
 * Bytes of the write under way that the kernel has not taken. Node says by its documented ways only when the whole write is done, which for a long one takes longer than
 * a client that reads may be blamed for. Where Node keeps it elsewhere it is 0, and only whole writes count.
 */
export function writeQueueOf (socket: Socket): number {
  return (socket as WithHandle)._handle?.writeQueueSize ?? 0
}
