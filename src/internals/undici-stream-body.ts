/**
 * A request body that undici takes for a stream without its being one.
 *
 * Relies on: undici takes an object with `pipe` and `on` for a stream, never calls `pipe`, listens to `data`, `end`,
 * `error` and `close`, calls `resume` and `pause`, and `destroy` when the attempt fails. It documents a
 * `stream.Readable`, which would buffer every chunk a second time.
 * Checked with undici 7.30.2.
 * Without it: requests with a streamed body fail.
 */

import { EventEmitter } from 'node:events'
import type { Dispatcher } from 'undici'

/** The base of such a body. Its subclass emits `data`, `end` and `error`. */
export abstract class StreamBody extends EventEmitter {
  /** Bytes are wanted. */
  abstract resume (): this
  /** No bytes are wanted for now. */
  abstract pause (): this
  /** The attempt is over, whether all of the body was sent or not. */
  abstract destroy (): this

  /** Marks the body as a stream. Never called. */
  pipe (): never {
    throw new Error('a request body is read by its events')
  }
}

/** The body as an option of `dispatch`. */
export function dispatchBody (body: StreamBody | Buffer | undefined): NonNullable<Dispatcher.DispatchOptions['body']> {
  return body as unknown as NonNullable<Dispatcher.DispatchOptions['body']>
}
