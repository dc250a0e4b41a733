/**
 * Lets an answer be read whose target stopped reading before the request was written: RFC 9112 §9.5. A target that refuses an upload answers and
 * closes; what is still written to it then fails, and Node would destroy the socket over that, unread answer and all.
 */

import { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/** How Node says that the other side takes no more. It may have answered before. */
const gone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET'])

/**
 * From here on a failed write of a body does not destroy the socket: it stays unfinished, so that nothing more is written, and the end of what
 * can be read decides, which comes at once. The hooks are those that every Writable has; a head that is written alone, as a string, is left as it is.
 */
export function readEarlyAnswers (socket: Socket): void {
  socket._write = write
  socket._writev = writev
}

/** One function for all sockets, here and below. */
function write (this: Socket, chunk: unknown, encoding: BufferEncoding, done: Done): void {
  Socket.prototype._write.call(this, chunk, encoding, typeof chunk === 'string' ? done : forgiving(done))
}

function writev (this: Socket, chunks: { chunk: unknown, encoding: BufferEncoding }[], done: Done): void {
  Socket.prototype._writev!.call(this, chunks, forgiving(done))
}

function forgiving (done: Done): Done {
  return error => {
    if (error === undefined || error === null || !gone.has(String((error as NodeJS.ErrnoException).code))) done(error)
  }
}
