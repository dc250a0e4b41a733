/** HTTP/2 to one target, over TLS (h2) or without (h2c). */

import type { ClientHttp2Session } from 'node:http2'
import type { Transport, TransportListener, TransportRequest } from '../../contract/transport.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { Dialler, type DiallerContext } from '../dialler.ts'
import { socketOpener } from '../open-socket.ts'
import { sessionOpener } from './connect-session.ts'
import { Http2Transmission } from './http2-transmission.ts'
import { SessionPool } from './session-pool.ts'

export class Http2Transport implements Transport {
  readonly #dialler: Dialler<ClientHttp2Session>
  readonly #pool: SessionPool

  /** No connection is opened before the first request. */
  constructor (options: ConnectionOptions, context: DiallerContext) {
    const { origin, connections } = options
    const { protocol, host } = new URL(origin)
    this.#dialler = new Dialler(options, context, sessionOpener(options, socketOpener(options, context.names.lookup, 'h2')))
    this.#pool = new SessionPool(this.#dialler, connections, {
      origin: { scheme: protocol.slice(0, -1), authority: host },
      streams: connections.streams,
      headerLimit: connections.responseHeaders,
      keepAlive: connections.keepAlive
    })
  }

  get capacity (): number {
    return this.#pool.capacity
  }

  send (request: TransportRequest, listener: TransportListener): void {
    this.#pool.submit(new Http2Transmission(request, listener))
  }

  async isReachable (): Promise<boolean> {
    return await this.#dialler.isReachable()
  }

  async destroy (): Promise<void> {
    this.#pool.destroy()
  }
}
