/** The connections to one target: an undici Pool with limits. */

import { Pool } from 'undici'
import type { ConnectionOptions } from './connection-options.ts'
import type { Dialler } from './dialler.ts'

/** Creates the pool. No connection is opened before the first request. */
export function createPool ({ origin, connections }: ConnectionOptions, { connect }: Dialler): Pool {
  return new Pool(origin, {
    connections: connections.max,
    pipelining: 1,
    keepAliveTimeout: connections.keepAlive,
    keepAliveMaxTimeout: connections.keepAlive,
    maxHeaderSize: connections.responseHeaders,
    allowH2: false,
    // The attempt loop has its own timers. Those of undici are coarse and do not say which limit expired.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect
  })
}
