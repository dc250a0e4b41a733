/** The bytes written to a socket that the operating system has not taken yet. */

import type { Socket } from 'node:net'

type WithHandle = Socket & { readonly _handle?: { readonly writeQueueSize?: number } | null }

/**
 * Returns the bytes of the current write that the operating system has not taken. Documented API reports only the end of a whole write, and
 * a long write to a client that does read may take longer than the timeout. In a Node version without this property the result is 0, and
 * only whole writes count as progress.
 */
export function writeQueueOf (socket: Socket): number {
  return (socket as WithHandle)._handle?.writeQueueSize ?? 0
}
