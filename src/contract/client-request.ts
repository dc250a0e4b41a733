/** The request of a client, as its listener hands it over. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'

/** A request of any version of HTTP, in the form that Node and Fastify use. Those of HTTP/2 have a Host field made of `:authority`. */
export interface ClientRequest extends IncomingMessage {
  /** Whether a body follows; undefined where Transfer-Encoding and Content-Length say so (HTTP/1.1). */
  readonly bodyFollows?: boolean
  /** Of HTTP/2: whether it breaks a rule that its listener leaves to the request guard (RFC 9113 §8.3); undefined for HTTP/1.1. */
  readonly malformed?: boolean
  /** Set where the client asks for a WebSocket. */
  readonly tunnel?: ClientTunnel
}

/** A connection, or a stream of one, that stops speaking HTTP once its request is accepted. */
export interface ClientTunnel {
  /** Sends the response that accepts the request, with these header fields, and returns the bytes that follow in both directions. */
  accept (fields: Readonly<Record<string, string | readonly string[]>>): Duplex
}
