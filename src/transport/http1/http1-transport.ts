/** HTTP/1.1 to one target, over an undici Pool with limits. */

import { Pool } from 'undici'
import type { Transport, TransportListener, TransportRequest } from '../../contract/transport.ts'
import type { NamedDispatchOptions } from '../../internals/undici-server-name.ts'
import { dispatchBody } from '../../internals/undici-stream-body.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { Dialler, type DiallerContext } from './dialler.ts'
import { Http1Body } from './http1-body.ts'
import { Http1Transmission } from './http1-transmission.ts'

export class Http1Transport implements Transport {
  readonly #origin: string
  readonly #dialler: Dialler
  readonly #pool: Pool

  /** No connection is opened before the first request. */
  constructor (options: ConnectionOptions, context: DiallerContext) {
    const { origin, connections } = options
    this.#origin = origin
    this.#dialler = new Dialler(options, context)
    this.#pool = new Pool(origin, {
      connections: connections.max,
      pipelining: 1,
      keepAliveTimeout: connections.keepAlive,
      keepAliveMaxTimeout: connections.keepAlive,
      maxHeaderSize: connections.responseHeaders,
      allowH2: false,
      // The attempt loop has its own timers. Those of undici are coarse and do not say which limit expired.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: this.#dialler.connect
    })
  }

  send ({ method, path, headers, body, serverName, tunnel }: TransportRequest, listener: TransportListener): void {
    this.#pool.dispatch({
      origin: this.#origin,
      path,
      method,
      headers,
      body: dispatchBody(body === undefined || Buffer.isBuffer(body) ? body : new Http1Body(body)),
      // undici would close the connection after a HEAD request, in case a body follows.
      reset: method === 'HEAD' ? false : undefined,
      servername: serverName,
      upgrade: tunnel ? 'websocket' : undefined
    } as NamedDispatchOptions, new Http1Transmission(listener))
  }

  async isReachable (): Promise<boolean> {
    return await this.#dialler.isReachable()
  }

  async destroy (): Promise<void> {
    await this.#pool.destroy()
  }
}
