/** A WebSocket that a target has accepted: what limits it, and what is known of it. */

import type { Duplex } from 'node:stream'
import type { Exchange } from './exchange.ts'

/** Limits of one WebSocket. Times in milliseconds, 0 for no limit. */
export interface TunnelLimits {
  /** The longest time without a byte in either direction. */
  readonly idle: number
  /** The longest time without a message in either direction. Pings and pongs do not count. */
  readonly messageIdle: number
  readonly maxAge: number
  /** The most bytes of a message of the client; Infinity for no limit. */
  readonly maxMessage: number
  /** The most messages and control frames of the client in a second; Infinity for no limit. */
  readonly messagesPerSecond: number
}

export type TunnelSide = 'client' | 'upstream'

/** Why the gateway itself closed it. */
export type TunnelClosing =
  'idle' | 'max-age' | 'shutdown' | 'message-too-large' | 'too-many-messages' | 'malformed-frame'

/** What is known of a WebSocket. Bytes are counted in `exchange.bytesIn` and `exchange.bytesOut`. */
export interface TunnelRecord {
  /** Messages of the client. */
  readonly messagesIn: number
  /** Messages of the target. */
  readonly messagesOut: number
  /** Who ended it; undefined while it is open. */
  readonly closedBy: TunnelSide | 'gateway' | undefined
  /** Status code of the first close frame (RFC 6455 §7.4.1); 1005 for one without a code, and 1006 where a connection just ended. */
  readonly closeCode: number | undefined
  /** Why, where it was the gateway. */
  readonly closing: TunnelClosing | undefined
}

/** Keeps open WebSockets. */
export interface TunnelHost {
  /** Connects a client with the target that has accepted it. */
  open (exchange: Exchange, client: Duplex, target: Duplex, limits: TunnelLimits): TunnelRecord
}
