/** What goes to an upstream and what comes back, as the proxying plugin and the attempt loop hand it to each other. */

import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'

/** What is to be sent, the same for every attempt. */
export interface Outgoing {
  readonly method: Dispatcher.HttpMethod
  /** Path without the target's base path, with query. */
  readonly path: string
  /** Flat list of names and values. */
  readonly headers: string[]
  /** Most body bytes that are let through. */
  readonly bodyLimit: number
  /** Whether a Host is among the headers, so that TLS must be told the target's own name. */
  readonly hostPreserved: boolean
  /** Names, in lower case, of the fields that an attempt must not add to them. */
  readonly withheld: ReadonlySet<string> | undefined
}

/** An answer as reply-from wants it. The body is a stream, or the pieces of one that is complete; none of an empty one. */
export interface ClientResponse {
  readonly statusCode: number
  readonly headers: Record<string, string | string[]>
  readonly body: Readable | readonly Buffer[]
}


/** Called when there is an answer to pass on. Failures do not come here: the exchange's reply is sent the reason at once. */
export type ClientCallback = (error: null, response: ClientResponse) => void
