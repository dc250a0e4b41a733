/**
 * The moment at which Fastify has set the status and the header fields of a response whose body is a stream.
 *
 * Relies on: `reply.send(stream)` pipes the stream into the raw response after it has set both, so that the response
 * emits `pipe`.
 * Checked with fastify 5.12.8.
 * Without it: the headers of a streamed response leave with the first byte of its body instead of at once.
 */

import type { ServerResponse } from 'node:http'

/** Sends the headers of a response as soon as Fastify begins to stream its body. */
export function flushHeadersEarly (response: ServerResponse): void {
  response.once('pipe', flush)
}

function flush (this: ServerResponse): void {
  this.flushHeaders()
}
