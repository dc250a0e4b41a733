/** A client connection that speaks HTTP/2: its requests, and how it ends. */

import type { IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import { DenseSet } from '../../collections/dense-set.ts'
import type { Connection } from '../connection.ts'
import { Http2Request } from './http2-request.ts'
import { Http2Response, type Progress, type ResponseOwner } from './http2-response.ts'
import { readRequest } from './read-request.ts'

/** Serves the requests of connections. */
export interface Http2Server {
  serve (connection: Http2Connection, request: Http2Request, response: Http2Response): void
}

export class Http2Connection implements ResponseOwner {
  readonly connection: Connection
  readonly session: ServerHttp2Session
  /** Requests whose streams are open. */
  readonly open = new DenseSet<Progress>()
  /** The number of requests so far that Node has not refused. */
  began = 0
  /** The number of those that were served. */
  served = 0
  /** The number of the latest stream. */
  lastStream = 0
  /** What the last check of the listener has seen, and checks since the connection was in this state. */
  readonly seen = { age: 0, idle: 0, closing: 0, read: -1, headers: 0, inHeaders: false, refused: 0, written: -1, queued: 0, deaf: 0 }
  readonly #server: Http2Server

  constructor (connection: Connection, session: ServerHttp2Session, server: Http2Server) {
    this.connection = connection
    connection.session = this
    this.session = session
    this.#server = server
    connection.session = this
    session.on('stream', (stream, headers, flags, fields) => this.#begin(stream, headers, flags, fields))
    // An error is followed by the close of the socket.
    session.on('error', ignore)
  }

  /** Takes no further requests (GOAWAY), and closes the connection after the last response. */
  end (): void {
    this.session.close()
  }

  left (response: Http2Response): void {
    this.open.delete(response.progress)
  }

  #begin (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, fields: readonly string[]): void {
    this.began++
    this.lastStream = stream.id!
    // It was reset together with its headers. Its error is still to come, and without a listener it would crash the process.
    if (stream.destroyed) {
      stream.on('error', ignore)
      return
    }
    const head = readRequest(headers, fields, flags)
    const request = new Http2Request(stream, this.connection.socket, head)
    const response = new Http2Response(request, this)
    if (head.isTunnel) request.tunnel = { accept: answer => response.accept(answer) }
    this.served++
    this.open.add(response.progress)
    this.#server.serve(this, request, response)
  }
}

function ignore (): void {}
