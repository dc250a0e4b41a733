/** The connections to one target: an undici Pool that bounds everything. */

import { Pool } from 'undici'
import type { UpstreamConfig } from '../config/types.ts'
import type { Dialler } from './dialler.ts'

/** Plain data that decides how connections are made; two targets with the same one share a pool. */
export interface PoolOptions {
  readonly origin: string
  /** IP address to connect to in place of the origin's host, which Host and TLS go on to name. */
  readonly address?: string
  readonly connect: UpstreamConfig['timeouts']['connect']
  readonly connections: UpstreamConfig['connections']
  readonly tls: UpstreamConfig['tls']
}

/** Opens no connection before the first request. */
export function createPool ({ origin, connections }: PoolOptions, { connect }: Dialler): Pool {
  return new Pool(origin, {
    connections: connections.max,
    pipelining: 1,
    keepAliveTimeout: connections.keepAlive,
    keepAliveMaxTimeout: connections.keepAlive,
    maxHeaderSize: connections.responseHeaders,
    allowH2: false,
    // The attempt loop has timers of its own: undici's are coarse and do not know why they fire.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect
  })
}
