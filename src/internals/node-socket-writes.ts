/**
 * Failed writes to a socket that leave it open for reading.
 *
 * Relies on: a socket writes by `_write` and `_writev` of the object itself, is destroyed by the error that they
 * call back with, and stays readable while they do not call back. Node documents both for those who write a stream
 * class, and not that they can be replaced on a socket.
 * Checked with node 24.21.0.
 * Without it: a response is lost whose target closes its side before it has read the whole request (RFC 9112 §9.5).
 */

import { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/** How Node says that the other side takes no more. It may have responded before. */
const gone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET'])

/**
 * From here on a failed write of bytes does not destroy the socket. It stays unfinished, so that nothing more is
 * written, and the end of what can be read decides. A failed write of a string destroys the socket as before.
 */
export function keepReadable (socket: Socket): void {
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
