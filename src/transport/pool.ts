/** The connections to one target: an undici Pool that bounds everything. */

import { Pool } from 'undici'
import type { ConnectionOptions } from './connection-options.ts'
import type { Dialler } from './dialler.ts'

/** Opens no connection before the first request. */
export function createPool ({ origin, connections }: ConnectionOptions, { connect }: Dialler): Pool {
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
