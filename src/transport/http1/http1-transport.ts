/** HTTP/1.1 to one target, over an undici Pool with limits. */

import type { Socket } from 'node:net'
import { Pool, type buildConnector } from 'undici'
import type { Transport, TransportListener, TransportRequest } from '../../contract/transport.ts'
import { keepReadable } from '../../internals/node-socket-writes.ts'
import { patchParser } from '../../internals/undici-response-parser.ts'
import type { NamedDispatchOptions } from '../../internals/undici-server-name.ts'
import { noteUseOnError } from '../../internals/undici-socket-errors.ts'
import { dispatchBody } from '../../internals/undici-stream-body.ts'
import type { ConnectionOptions } from '../connection-options.ts'
import { Dialler, type DiallerContext } from '../dialler.ts'
import { socketOpener } from '../open-socket.ts'
import { Http1Body } from './http1-body.ts'
import { Http1Transmission } from './http1-transmission.ts'
import { WebSocketHandshake } from './websocket-handshake.ts'

export class Http1Transport implements Transport {
  readonly capacity: number
  readonly #origin: string
  readonly #dialler: Dialler<Socket>
  readonly #pool: Pool

  /** No connection is opened before the first request. */
  constructor (options: ConnectionOptions, context: DiallerContext) {
    const { origin, connections } = options
    this.#origin = origin
    this.capacity = connections.max
    this.#dialler = new Dialler(options, context, socketOpener(options, context.names.lookup, 'http/1.1'))
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
      connect: this.#connect
    })
  }

  /** undici calls it. The name that it passes is that of the target, which the dialler knows. */
  readonly #connect: buildConnector.connector = (_target, callback) => {
    this.#dialler.connect((error, socket) => {
      if (error !== null) {
        callback(error, null)
        return
      }
      noteUseOnError(socket)
      // A target that rejects an upload responds and closes: what is still written to it fails, and its response is
      // to be read all the same.
      keepReadable(socket)
      callback(null, socket)
      patchParser(socket)
    })
  }

  send ({ method, path, headers, body, serverName, tunnel }: TransportRequest, listener: TransportListener): void {
    const handshake = tunnel ? new WebSocketHandshake() : undefined
    this.#pool.dispatch({
      origin: this.#origin,
      path,
      method,
      headers: handshake === undefined ? headers : handshake.request(headers),
      body: dispatchBody(body === undefined || Buffer.isBuffer(body) ? body : new Http1Body(body)),
      // undici would close the connection after a HEAD request, in case a body follows.
      reset: method === 'HEAD' ? false : undefined,
      servername: serverName,
      upgrade: tunnel ? 'websocket' : undefined
    } as NamedDispatchOptions, new Http1Transmission(listener, handshake))
  }

  async isReachable (): Promise<boolean> {
    return await this.#dialler.isReachable()
  }

  async destroy (): Promise<void> {
    await this.#pool.destroy()
  }
}
