/**
 * Lets an answer be read whose target stopped reading before the request was written: RFC 9112 §9.5. A target that refuses an upload answers and
 * closes; what is still written to it then fails, and Node would destroy the socket over that, unread answer and all.
 */

import type { Socket } from 'node:net'

type Done = (error?: Error | null) => void

/** How Node says that the other side takes no more. It may have answered before. */
const gone: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET'])

/**
 * From here on a failed write of a body does not destroy the socket: it stays unfinished, so that nothing more is written, and the end of what
 * can be read decides, which comes at once. The hooks are those that every Writable has; a head that is written alone, as a string, is left as it is.
 */
export function readEarlyAnswers (socket: Socket): void {
  const write = socket._write.bind(socket)
  const writev = socket._writev!.bind(socket)
  socket._write = (chunk: unknown, encoding, done) => write(chunk, encoding, typeof chunk === 'string' ? done : forgiving(done))
  socket._writev = (chunks, done) => writev(chunks, forgiving(done))
}

function forgiving (done: Done): Done {
  return error => {
    if (error === undefined || error === null || !gone.has(String((error as NodeJS.ErrnoException).code))) done(error)
  }
}
