/** How requests reach a target: what a transport promises to the attempt loop, and the attempt loop to the transport. */

import type { Duplex } from 'node:stream'
import type { GatewayError, Reason } from './errors.ts'
import type { TargetResponse } from './response.ts'

/** What is to be sent, the same for every attempt. */
export interface Outgoing {
  readonly method: string
  /** Path without the target's base path, with query. */
  readonly path: string
  /** Flat list of names and values. */
  readonly headers: string[]
  /** Selects those of the client's trailer fields that the target receives, `[name, value, …]`. */
  readonly trailers: (list: readonly string[]) => string[]
  /** Most body bytes that are let through. */
  readonly bodyLimit: number
  /** Whether a Host is among the headers, so that TLS must be told the target's own name. */
  readonly hostPreserved: boolean
  /** Names, in lower case, of the fields that an attempt must not add to them. */
  readonly withheld: ReadonlySet<string> | undefined
}

/** Called with the response to pass on. Failures do not come here: they are sent to the exchange's reply. */
export type ClientCallback = (error: null, response: TargetResponse) => void

/** Header fields of a response by lower-case name. Values of a repeated field are a list. */
export type ResponseFields = Readonly<Record<string, string | string[]>>

/** One request to one target. */
export interface TransportRequest {
  readonly method: string
  /** Path with the target's base path, and query. */
  readonly path: string
  /** `[name, value, …]`. */
  readonly headers: string[]
  readonly body: Buffer | StreamedBody | undefined
  /** The name that the certificate of the target must have; undefined where it is that of the Host field. */
  readonly serverName: string | undefined
  /** Whether the request asks for a WebSocket. The transport adds the fields that its protocol needs for that. */
  readonly tunnel: boolean
}

/** Receives the body of a request. */
export interface BodyReader {
  data (chunk: Buffer): void
  /** @param trailers trailer fields of the request, `[name, value, …]`; undefined where there are none */
  end (trailers?: readonly string[]): void
  /** The body ended before it was complete. */
  fail (error: GatewayError): void
}

/** A request body that is sent while it arrives. The transport controls its pace. */
export interface StreamedBody {
  /** Sets who receives the body, once, before it flows. */
  pass (reader: BodyReader): void
  resume (): void
  pause (): void
  /** The attempt is over, whether all of the body was sent or not. */
  release (): void
}

/** A request on its way. */
export interface Transmission {
  /** Whether any byte of a response has arrived. */
  readonly begun: boolean
  readonly paused: boolean
  /** Stops and continues the reading of the response. */
  pause (): void
  resume (): void
  /**
   * Ends it, and the connection where that is needed. The listener is told with `failed` and `error`, unless it has heard the end already.
   * The reason is that of the error where it is a GatewayError.
   */
  abort (error: Error): void
}

/**
 * Hears what becomes of one request. `failed`, `end` or `tunnelled` is called exactly once, and last.
 * Each method may be called before `send` returns.
 */
export interface TransportListener {
  /** True: the request is no longer wanted. A transport where it still waits for a connection may forget it. */
  readonly gone?: boolean
  /** The request has a connection, and is being written to it. */
  started (transmission: Transmission): void
  /** An interim response (1xx) has arrived. */
  interim (statusCode: number, headers: ResponseFields): void
  /** The status line and headers of the response have arrived. */
  head (statusCode: number, headers: ResponseFields): void
  /** A chunk of the body. No other code refers to it. */
  data (chunk: Buffer): void
  /** The response is complete. */
  end (trailers: ResponseFields): void
  /** The target has accepted the WebSocket. From now on the listener reads, writes and ends the connection. */
  tunnelled (headers: ResponseFields, connection: Duplex): void
  failed (failure: TransportFailure): void
}

/** Why there is no response, or no complete one. The transport decides what its errors mean. */
export interface TransportFailure {
  readonly reason: Reason
  /** The error behind the reason; for the log only. */
  readonly cause: Error
  /** Whether the target closed a connection that had served before, without a byte of a response: perhaps just as the request arrived. */
  readonly closedIdle: boolean
  /** Whether the connection broke before all of the request was written. */
  readonly unwritten: boolean
  /** Whether the target says that it has not processed the request, so that any request may be sent again (RFC 9113 §8.7). */
  readonly unprocessed: boolean
  /** The HTTP/2 error code with which the target has reset the stream. */
  readonly resetCode?: number | undefined
}

/** Sends requests to one target. */
export interface Transport {
  /** The most requests that it can have under way at once. More of them wait. */
  readonly capacity: number
  send (request: TransportRequest, listener: TransportListener): void
  /** Whether the target accepts connections: opens one and closes it again. Concurrent callers share the result. */
  isReachable (): Promise<boolean>
  /** Closes all connections. Requests under way fail. */
  destroy (): Promise<void>
}
