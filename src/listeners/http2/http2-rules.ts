/** The limits of connections that speak HTTP/2, and what Node is told of them. */

import type { ServerSessionOptions } from 'node:http2'

/** Times in milliseconds, 0 for no limit. */
export interface Http2Rules {
  /** The most requests at once on a connection. */
  readonly maxStreams: number
  /** How many streams a client may reset at once, and how many each second after that. */
  readonly resets: { readonly burst: number, readonly perSecond: number }
  /** The most bytes that Node may hold for a connection. */
  readonly memory: number
  /** Bytes of a request body that a client may send before they are read. */
  readonly window: number
  /** The longest life of a connection, where it is not that of other connections. */
  readonly maxAge?: number
  /** The most requests of a connection, where they are not those of other connections; 0 for any number. */
  readonly maxRequests?: number
}

/** Bytes that a client may send on all streams of a connection before they are read. Node reads them at once, so they cost nothing. */
const connectionWindow = 1024 * 1024

/** Frames that break a rule without being fatal. A sound client sends none. */
const mostInvalidFrames = 100

/** A request whose fields are too large by this factor still gets a response that says so. Beyond it its stream is reset. */
const headroom = 2

/** Bytes that HTTP/2 adds to the size of each field (RFC 9113 §6.5.2). */
const fieldCost = 32

/** Node holds the memory of a connection in these units. */
const megabyte = 1_000_000

/** @param headers the most bytes of request headers */
export function sessionOptions ({ maxStreams, resets, memory, window }: Http2Rules, headers: number): ServerSessionOptions {
  const maxHeaderListSize = headers * headroom
  return {
    maxSessionMemory: Math.max(1, Math.ceil(memory / megabyte)),
    maxSessionInvalidFrames: mostInvalidFrames,
    maxSessionRejectedStreams: mostInvalidFrames,
    // Their number is limited by their size.
    maxHeaderListPairs: Math.ceil(maxHeaderListSize / fieldCost),
    streamResetBurst: resets.burst,
    streamResetRate: resets.perSecond,
    // A response of a target is passed on as it is.
    strictSingleValueFields: false,
    settings: {
      maxConcurrentStreams: maxStreams,
      maxHeaderListSize,
      initialWindowSize: window,
      enablePush: false,
      enableConnectProtocol: true
    }
  }
}

/** The window of a connection. */
export function windowOf ({ window }: Http2Rules): number {
  return Math.max(window, connectionWindow)
}
