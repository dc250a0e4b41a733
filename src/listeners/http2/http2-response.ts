/** A response over HTTP/2, in the form of Node's ServerResponse that Fastify and plugins know. */

import type { ServerHttp2Stream } from 'node:http2'
import type { Duplex } from 'node:stream'
import { http2Codes } from '../../http/http2-codes.ts'
import type { Http2Request } from './http2-request.ts'
import { addField, emptyFields, mergeFields, type Fields, type FieldValue, type GivenFields } from './response-fields.ts'
import { ResponseHead } from './response-head.ts'

const key: unique symbol = Symbol('onedoor.response')

type Held = ServerHttp2Stream & { [key]?: Http2Response | undefined }
type Done = (error?: Error | null) => void

/** The connection of a response. */
export interface ResponseOwner {
  /** The stream of the response is closed. */
  left (response: Http2Response): void
  /** The response asks to close the connection after it. */
  end (): void
}

/** How a response gets on, for the checks of its listener. */
export class Progress {
  readonly response: Http2Response
  /** Bytes of the body that Node was given. */
  given = 0
  /** Bytes that were sent by the last check. */
  sent = 0
  /** Checks since then. */
  looks = 0
  /** Checks since the request. */
  age = 0

  constructor (response: Http2Response) {
    this.response = response
  }
}

/** The most bytes that Node is given at once. It tells of progress only when all of them are sent. */
const longestPiece = 64 * 1024

/** The most interim responses (1xx) of one response. Node keeps each until the stream is closed. */
const mostInterim = 64

const atOnce = {}
const withEnd = { endStream: true }
const withTrailers = { waitForTrailers: true }

export class Http2Response extends ResponseHead {
  readonly stream: ServerHttp2Stream
  /** With which code the stream is reset where the response is destroyed before it is complete. */
  resetCode: number = http2Codes.internalError
  readonly progress = new Progress(this)
  readonly #owner: ResponseOwner
  readonly #isHead: boolean
  #trailers: Fields | undefined
  #responded = false
  #bodiless = false
  #waitsForTrailers = false
  /** Whether `end` was given the last bytes, so that they and the end can be sent together. */
  #endsWithChunk = false
  #streamEnded = false
  #isTunnel = false
  #interim = 0
  #rest: Buffer | undefined
  #written: Done | undefined
  #onWritten: Done | undefined
  #finished: Done | undefined

  constructor (request: Http2Request, owner: ResponseOwner) {
    super(request)
    this.#owner = owner
    this.#isHead = request.method === 'HEAD'
    const stream: Held = this.stream = request.stream
    stream[key] = this
    // An error is followed by `close`, which says all that matters.
    stream.on('error', ignore).on('close', onClose)
  }

  flushHeaders (): void {
    if (!this.#responded) this.#respond(withTrailers)
  }

  addTrailers (fields: GivenFields): void {
    mergeFields(this.#trailers ??= emptyFields(), fields)
  }

  writeContinue (done?: () => void): void {
    this.writeInformation(100, undefined, done)
  }

  writeProcessing (done?: () => void): void {
    this.writeInformation(102, undefined, done)
  }

  writeEarlyHints (hints: Readonly<Record<string, FieldValue>>, done?: () => void): void {
    this.writeInformation(103, hints, done)
  }

  /** Sends an interim response. Beyond a number of them, they are left out. */
  writeInformation (status: number, given?: GivenFields | null, done?: () => void): void {
    if (this.headersSent) throw Object.assign(new Error('The response has begun'), { code: 'ERR_HTTP_HEADERS_SENT' })
    if (!this.stream.closed && this.#interim++ < mostInterim) {
      const fields = this.#checked(given ?? {})
      this.stream.additionalHeaders({ ...fields, ':status': status })
    }
    if (done !== undefined) process.nextTick(done)
  }

  setTimeout (milliseconds: number, callback?: () => void): this {
    this.stream.setTimeout(milliseconds, callback)
    return this
  }

  /**
   * Accepts a WebSocket. From now on the stream is its connection, and the response is over when it closes.
   * @param fields those of a response of HTTP/1.1
   */
  accept (fields: GivenFields): Duplex {
    const { stream } = this
    this.writeHead(200, fields)
    this.#responded = true
    this.#isTunnel = true
    if (!stream.closed) stream.respond(this.head as never)
    super.end()
    return stream
  }

  override end (callback?: () => void): this
  override end (chunk: unknown, callback?: () => void): this
  override end (chunk: unknown, encoding: BufferEncoding, callback?: () => void): this
  override end (chunk?: unknown, encoding?: BufferEncoding | (() => void), callback?: () => void): this {
    this.#endsWithChunk = (Buffer.isBuffer(chunk) || typeof chunk === 'string') && chunk.length > 0
    return super.end(chunk, encoding as BufferEncoding, callback)
  }

  override _write (chunk: Buffer | string, encoding: BufferEncoding, done: Done): void {
    const { stream } = this
    // Its `close` ends the response.
    if (stream.closed) return
    const isWhole = this.#endsWithChunk && this.writableLength === chunk.length && chunk.length <= longestPiece
    if (!this.#responded) this.#respond(isWhole && this.#trailers === undefined ? atOnce : withTrailers)
    if (this.#bodiless) {
      done()
    } else if (isWhole) {
      this.#streamEnded = true
      this.progress.given += chunk.length
      stream.end(chunk, encoding)
      done()
    } else {
      this.#written = done
      this.#send(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk)
    }
  }

  override _final (done: Done): void {
    const { stream } = this
    if (stream.closed) return
    // Called when the stream is closed. By then all is sent.
    this.#finished = done
    if (this.#isTunnel) return
    if (!this.#responded) this.#respond(this.#trailers === undefined ? withEnd : withTrailers)
    if (!this.#streamEnded) stream.end()
    if (!this.#waitsForTrailers) this.#endRequest()
  }

  override _destroy (_error: Error | null, done: Done): void {
    if (!this.stream.closed) this.stream.close(this.resetCode)
    // As in HTTP/1.1, a response that breaks off emits no error.
    done(null)
  }

  /** For the listener only: the stream is closed. */
  takeClose (): void {
    const { stream, req } = this
    // After the whole response, a reset by the client means nothing.
    const responded = this.#finished !== undefined &&
      (stream.rstCode === http2Codes.noError || (stream.writableFinished && !this.#isTunnel))
    this.#owner.left(this)
    req.takeClose(responded)
    if (responded) this.#finished!()
    else this.destroy()
  }

  /** For the listener only: the body is sent, and the trailers come next. */
  takeBodyEnd (): void {
    const { stream } = this
    let trailers: Fields = {}
    try {
      trailers = this.#checked(this.#trailers ?? {})
    } catch {
      // The response is complete without trailers that cannot be sent.
    }
    stream.sendTrailers(trailers as Record<string, string>)
    // Node sends them in the next immediate.
    if (!this.req.complete) setImmediate(() => this.#endRequest())
  }

  #respond (options: object): void {
    if (this.head === undefined) this.writeHead(this.statusCode)
    const { stream, statusCode } = this
    this.#responded = true
    if (stream.closed) return
    this.#bodiless = options === withEnd || this.#isHead || statusCode === 204 || statusCode === 205 || statusCode === 304
    this.#streamEnded = this.#bodiless
    this.#waitsForTrailers = options === withTrailers && !this.#bodiless
    if (this.#waitsForTrailers) stream.on('wantTrailers', onWantTrailers)
    stream.respond(this.head as never, this.#bodiless ? withEnd : options)
    if (this.isLast) this.#owner.end()
  }

  #send (chunk: Buffer): void {
    const part = chunk.length > longestPiece ? chunk.subarray(0, longestPiece) : chunk
    this.#rest = part === chunk ? undefined : chunk.subarray(longestPiece)
    this.progress.given += part.length
    this.stream.write(part, this.#onWritten ??= error => {
      // A failed write is followed by the close of the stream.
      if (error) return
      if (this.#rest === undefined) this.#written!()
      else this.#send(this.#rest)
    })
  }

  /** Tells a client that is still sending that the rest is not read (RFC 9113 §8.1). */
  #endRequest (): void {
    if (!this.req.complete && !this.stream.closed) this.stream.close(http2Codes.noError)
  }

  #checked (given: GivenFields): Fields {
    const list: (number | string)[] = []
    const fields = emptyFields()
    mergeFields(fields, given)
    const kept = emptyFields()
    for (const name of Object.keys(fields)) {
      const before = list.length
      addField(list, name, fields[name]!)
      if (list.length > before) kept[name] = fields[name]
    }
    return kept
  }
}

/** One function for all streams, here and below. */
function onClose (this: Held): void {
  this[key]?.takeClose()
  // Node keeps closed streams until a full garbage collection. Without this they would keep their exchanges.
  this[key] = undefined
}

function onWantTrailers (this: Held): void {
  this[key]?.takeBodyEnd()
}

function ignore (): void {}
