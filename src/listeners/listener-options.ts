/** What a listener is made with, and what can change while it runs. */

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { RejectedInput } from '../contract/rejected-input.ts'
import type { Count } from '../contract/state.ts'
import type { ConnectionLife } from './connection-life.ts'
import type { Http2Rules } from './http2/http2-rules.ts'
import type { HandshakeCounter } from './tls/handshake-counter.ts'
import type { HandshakeOptions } from './tls/handshakes.ts'

/** Options of a listener. */
export interface ListenerOptions {
  /** Its name, such as `0.0.0.0:8080`. */
  readonly name: string
  /** The pseudonym of this gateway in Proxy-Status. */
  readonly via: string
  /** The connections that share one limit with its own. */
  readonly count?: Count
  /** The most bytes of the request line and headers. */
  readonly headers: number
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void
  /** While it returns true, every response closes its connection. */
  readonly draining: () => boolean
  /** Returns the certificate that answers the challenge of an ACME server for a name; undefined where there is none. */
  readonly acme?: HandshakeOptions['acme']
  /** Called for input that the listener itself rejects. */
  readonly rejected: (input: RejectedInput) => void
  /** Called when connections could not be accepted, at most once a second. */
  readonly failed: (error: Error, times: number) => void
  /** Counts its TLS handshakes. */
  readonly handshakes?: HandshakeCounter | undefined
}

/** The limits that a running listener can change. Times in milliseconds, 0 for no limit. */
export interface ListenerLimits {
  readonly timeouts: {
    readonly headers: number,
    readonly request: number,
    readonly keepAlive: number,
    readonly write: number,
    readonly linger: number
  }
  /** The most connections at once. */
  readonly connections: number
  /** How long connections serve requests; without it for ever. */
  readonly life?: ConnectionLife | undefined
  /** The port of https to which all requests are redirected. */
  readonly redirectPort?: number | undefined
  /** Whether the peer at an address begins its connections with a PROXY protocol header; undefined when there is no such peer. */
  readonly proxied?: ((ip: string) => boolean) | undefined
  /** Undefined without HTTP/2. */
  readonly http2?: Http2Rules | undefined
}
