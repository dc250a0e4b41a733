/** A request over HTTP/2, in the form of HTTP/1.1 that Node, Fastify and plugins know. */

import type { Socket } from 'node:net'
import type { ServerHttp2Stream } from 'node:http2'
import type { ClientRequest, ClientTunnel } from '../../contract/client-request.ts'
import { http2Codes } from '../../http/http2-codes.ts'
import { nodeHttp } from '../../http/node-http.ts'
import { setFields } from '../../internals/node-incoming-fields.ts'

const key: unique symbol = Symbol('onedoor.request')

type Held = ServerHttp2Stream & { [key]?: Http2Request | undefined }

/** Node's error code for a client that leaves in the middle of its request. */
const left = { code: 'ECONNRESET' }

/** What the pseudo-header fields and the fields of a request say. */
export interface RequestHead {
  readonly method: string
  readonly url: string
  /** `[name, value, …]` */
  readonly fields: string[]
  /** The size of all that came, as HTTP/2 counts it (RFC 9113 §6.5.2). */
  readonly size: number
  readonly bodyFollows: boolean
  /** Whether it asks for a WebSocket (RFC 8441). */
  readonly isTunnel: boolean
  /** Whether it breaks a rule of RFC 9113 §8.3 that Node does not check. */
  readonly malformed: boolean
}

export class Http2Request extends nodeHttp.IncomingMessage implements ClientRequest {
  readonly stream: ServerHttp2Stream
  readonly bodyFollows: boolean
  readonly malformed: boolean
  readonly headSize: number
  tunnel?: ClientTunnel
  #attached = false
  #paused = false
  #trailers: string[] | undefined
  #controller: AbortController | undefined

  constructor (stream: ServerHttp2Stream, socket: Socket, head: RequestHead) {
    super(socket)
    this.stream = stream
    this.httpVersion = '2.0'
    this.httpVersionMajor = 2
    this.httpVersionMinor = 0
    this.method = head.method
    this.url = head.url
    setFields(this, head.fields)
    this.headSize = head.size
    this.bodyFollows = head.bodyFollows
    this.malformed = head.malformed
    this.complete = !head.bodyFollows
  }

  /** What `signal` is. */
  abortSignal (): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.aborted) this.#controller.abort()
    }
    return this.#controller.signal
  }

  override setTimeout (milliseconds: number, callback?: () => void): this {
    this.stream.setTimeout(milliseconds, callback)
    return this
  }

  override _read (): void {
    if (!this.bodyFollows) {
      this.push(null)
    } else if (!this.#attached) {
      this.#attached = true
      ;(this.stream as Held)[key] = this
      this.stream.on('data', onData).on('end', onEnd).on('trailers', onTrailers)
    } else if (this.#paused) {
      this.#paused = false
      this.stream.resume()
    }
  }

  override _destroy (error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.complete || (error !== null && !this.readableEnded)) {
      this.aborted = true
      this.emit('aborted')
      this.#controller?.abort()
      if (!this.stream.closed) this.stream.close(http2Codes.cancel)
    }
    // As in HTTP/1.1, it is no error without a listener that the client has left.
    done(error !== null && this.listenerCount('error') > 0 ? error : null)
  }

  /** For the listener only, like the methods below: a chunk of the body has arrived. */
  takeChunk (chunk: Buffer): void {
    if (this.push(chunk)) return
    this.#paused = true
    this.stream.pause()
  }

  takeTrailers (fields: string[]): void {
    this.#trailers = fields
  }

  /** Node also ends a stream that was reset. Only a body with END_STREAM is complete. */
  takeEnd (): void {
    if (this.stream.closed) return
    this.complete = true
    if (this.#trailers !== undefined) setFields(this, this.#trailers)
    this.push(null)
  }

  /** The stream has closed, after the whole response or before it. */
  takeClose (responded: boolean): void {
    ;(this.stream as Held)[key] = undefined
    if ((this.complete && responded) || this.destroyed) return
    this.destroy(Object.assign(new Error('aborted'), left))
  }
}

// Node's own is aborted when the socket closes, which other requests share.
Object.defineProperty(Http2Request.prototype, 'signal', {
  configurable: true,
  get (this: Http2Request) { return this.abortSignal() }
})

/** One function for all streams, here and below. */
function onData (this: Held, chunk: Buffer): void {
  this[key]?.takeChunk(chunk)
}

function onTrailers (this: Held, _headers: unknown, _flags: number, fields: string[]): void {
  this[key]?.takeTrailers(fields)
}

function onEnd (this: Held): void {
  this[key]?.takeEnd()
}
