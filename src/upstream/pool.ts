/** The connections to one target: an undici Pool that verifies certificates and bounds everything. */

import { Pool } from 'undici'
import type { UpstreamConfig } from '../config/types.ts'

/** Largest response head that is accepted from a target, in bytes. */
const maxResponseHead = 64 * 1024

/** Plain data that decides how connections are made; two targets with the same one share a pool. */
export interface PoolOptions {
  readonly origin: string
  readonly connect: UpstreamConfig['timeouts']['connect']
  readonly connections: UpstreamConfig['connections']
  readonly tls: UpstreamConfig['tls']
}

/** Opens no connection before the first request. */
export function createPool (options: PoolOptions): Pool {
  const { tls, connections } = options
  return new Pool(options.origin, {
    connections: connections.max,
    pipelining: 1,
    keepAliveTimeout: connections.keepAlive,
    keepAliveMaxTimeout: connections.keepAlive,
    maxHeaderSize: maxResponseHead,
    allowH2: false,
    // The attempt loop has timers of its own: undici's are coarse and do not know why they fire.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: {
      timeout: options.connect,
      rejectUnauthorized: tls.verify,
      ...(tls.ca === undefined ? {} : { ca: tls.ca.trim() }),
      ...(tls.cert === undefined ? {} : { cert: tls.cert.trim() }),
      ...(tls.key === undefined ? {} : { key: tls.key.trim() }),
      ...(tls.serverName === undefined ? {} : { servername: tls.serverName })
    }
  })
}
