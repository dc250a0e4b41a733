/** A protocol as the table sees it: what stands behind the gateway, and how a client calls it. */

import type { TestContext } from 'node:test'

/** The methods of the service, each a route of its own. */
export type Method = 'Open' | 'Secured' | 'Limited' | 'Flaky' | 'Hold' | 'Fresh'

/** Header fields by lower-case name. */
export type Fields = Readonly<Record<string, string>>

/** How a call ended: `ok`, or the reason that the gateway gave. */
export interface Outcome {
  /** The status on the wire, of the protocol itself: HTTP status, or status of gRPC. */
  readonly status: number
  readonly ok: boolean
}

/** An exchange that goes on until the service ends it. */
export interface Held {
  /** The next piece that the service has sent. */
  next (): Promise<string>
  /** Resolves when it has ended: with `complete`, `cut`, or the code of a close frame. */
  readonly ended: Promise<string>
}

/** What stands behind the gateway. */
export interface Service {
  readonly url: string
  /** The calls that reached it, with the fields that it saw. */
  readonly calls: readonly { readonly method: string, readonly fields: Fields }[]
  /** Sends a piece on the exchange that is held. */
  push (text: string): void
  /** Ends the exchange that is held. */
  finish (): void
}

/** Where a client connects, and what it trusts. */
export interface Door {
  /** Base URL of the listener. */
  readonly url: string
  /** The certificate authority (PEM), for TLS. */
  readonly ca: string
}

export interface Protocol {
  readonly name: string
  readonly tls: boolean
  /** Value of `protocol` of the upstream. */
  readonly upstream: 'http1' | 'h2c'
  /** The key by which routes name their method. */
  readonly route: 'path' | 'grpc'
  /** What `explain` is asked with. */
  readonly request: { readonly method: string, readonly headers: Fields }
  /** The statuses of a call without a credential, above a limit, and without a route. */
  readonly refusals: { readonly unauthenticated: number, readonly limited: number, readonly unrouted: number }
  /** How an exchange ends that is held when the gateway stops, although its service goes on to the end. */
  readonly drained: string
  serve (t: TestContext): Promise<Service>
  /** Calls a method over a connection of its own. */
  call (t: TestContext, door: Door, method: Method, fields?: Fields): Promise<Outcome>
  /** Begins an exchange with `Hold` over a connection of its own; resolves when the service has accepted it. */
  hold (t: TestContext, door: Door, fields?: Fields): Promise<Held>
}

/** The path of a method, in the form that gRPC has. */
export function pathOf (method: string): string {
  return `/table.Service/${method}`
}

/** The method of a path. */
export function methodOf (path: string): string {
  return path.split('/').at(-1)!
}
