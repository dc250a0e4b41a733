/**
 * The fields of a request that no parser of Node has read.
 *
 * Relies on: an IncomingMessage computes `headers` and `trailers` from what its `_addHeaderLines` is given, which are header fields until
 * the message is complete, and trailer fields after.
 * Checked with node 24.21.0.
 * Without it: a request over HTTP/2 has no headers.
 */

import type { IncomingMessage } from 'node:http'

type WithLines = IncomingMessage & { _addHeaderLines (list: string[], count: number): void }

/** Sets the header fields of a message that is not complete, or the trailer fields of a complete one: `[name, value, …]`. */
export function setFields (message: IncomingMessage, list: string[]): void {
  ;(message as WithLines)._addHeaderLines(list, list.length)
}
