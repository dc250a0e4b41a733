/** Chooses the transport of a target by the protocol of its upstream. */

import type { Transport } from '../contract/transport.ts'
import type { ConnectionOptions } from './connection-options.ts'
import type { DiallerContext } from './dialler.ts'
import { Http1Transport } from './http1/http1-transport.ts'
import { Http2Transport } from './http2/http2-transport.ts'

/** No connection is opened before the first request. */
export function createTransport (options: ConnectionOptions, context: DiallerContext): Transport {
  return options.protocol === 'http1' ? new Http1Transport(options, context) : new Http2Transport(options, context)
}
