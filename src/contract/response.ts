/** The response of a target on its way to the client. */

import type { Duplex, Readable } from 'node:stream'

/** Who may use the memory of a body's chunks: only the one who writes them (`given`), who may free it then, or others too (`borrowed`). */
export type Ownership = 'given' | 'borrowed'

/** A response that a target has begun. The body is a stream, or the chunks of one that is complete; none of an empty one. */
export interface TargetResponse {
  readonly statusCode: number
  readonly headers: Readonly<Record<string, string | string[]>>
  readonly body: Readable | readonly Buffer[]
  readonly ownership: Ownership
  /** The connection to the target, where the response accepts a WebSocket. */
  readonly tunnel?: Duplex
  /** Trailer fields, once the body is complete. */
  trailers: Readonly<Record<string, string | string[]>> | undefined
}
