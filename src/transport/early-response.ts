/**
 * Reads the response of a target that stopped reading before the request was written (RFC 9112 §9.5). A target that rejects an upload
 * responds and closes. Further writes then fail, for which Node would destroy the socket together with the unread response.
 */

import { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/** Error codes of a peer that has stopped reading. It may have responded before. */
const gone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET'])

/**
 * From now on a failed write of a body does not destroy the socket. The write stays unfinished, so nothing more is written, and the end of
 * the readable side, which follows at once, decides. Overrides the hooks that every Writable has. Headers that are written alone, as a
 * string, are not affected.
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
