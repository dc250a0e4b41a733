/** One request over HTTP/2: translates the events of its stream for the listener, and decides what its errors mean. */

import { constants, type ClientHttp2Stream, type IncomingHttpHeaders, type IncomingHttpStatusHeader } from 'node:http2'
import { GatewayError, reasons, type Reason } from '../../contract/errors.ts'
import type {
  BodyReader, ResponseFields, StreamedBody, Transmission, TransportListener, TransportRequest
} from '../../contract/transport.ts'
import { isCut, watchEnd } from '../../internals/node-http2-end.ts'
import { classify } from '../failure.ts'
import { acceptanceOf, mayHaveTrailers, requestFields } from './request-fields.ts'
import { responseFields } from './response-fields.ts'
import type { TargetSession } from './target-session.ts'

/** The most interim responses (1xx) before the final one. */
const interimLimit = 100

const owner = Symbol('transmission')

/** A stream that knows its transmission, so that all streams share their listeners. */
type OwnedStream = ClientHttp2Stream & { [owner]: Http2Transmission | undefined }

export class Http2Transmission implements Transmission, BodyReader {
  begun = false
  readonly #request: TransportRequest
  readonly #listener: TransportListener
  #session: TargetSession | undefined
  #stream: OwnedStream | undefined
  #interim = 0
  /** Whether the status line and headers have been passed on. */
  #headed = false
  #over = false
  /** Whether all of the request body was handed to the stream. */
  #sent = false
  #requestTrailers: readonly string[] = []
  #responseTrailers: readonly string[] = []
  #error: Error | undefined

  constructor (request: TransportRequest, listener: TransportListener) {
    this.#request = request
    this.#listener = listener
  }

  /** Whether the response is no longer wanted, so that it need not be sent. */
  get unwanted (): boolean {
    return this.#over || this.#listener.gone === true
  }

  get paused (): boolean {
    return this.#stream!.isPaused()
  }

  pause (): void {
    this.#stream!.pause()
  }

  resume (): void {
    this.#stream!.resume()
  }

  abort (error: Error): void {
    if (this.#over) return
    this.#fail(error instanceof GatewayError ? error.reason : classify(error), error)
    this.#stream?.close(constants.NGHTTP2_CANCEL)
    // The connection may be dead. The time limits of requests say so sooner than TCP.
    if (error instanceof GatewayError && error.reason.status === 504) this.#session?.suspect()
  }

  /** Sends the request on a session that has room for it. */
  start (session: TargetSession): void {
    this.#session = session
    this.#listener.started(this)
    // The listener may have aborted it.
    if (this.#over) return
    const { body, tunnel } = this.#request
    if (tunnel && !session.takesTunnels) {
      this.#fail(reasons['websocket-unsupported'], new Error('the target has not enabled the extended CONNECT of RFC 8441'))
      return
    }
    try {
      const fields = requestFields(this.#request, session.origin)
      const streamed = body !== undefined && !Buffer.isBuffer(body)
      this.#listen(session.open(fields, {
        endStream: body === undefined && !tunnel,
        waitForTrailers: streamed && mayHaveTrailers(fields)
      }))
    } catch (error) {
      // node:http2 refuses a field.
      this.#fail(error instanceof GatewayError ? error.reason : reasons['bad-request'], error as Error)
      return
    }
    if (body === undefined) this.#sent = true
    else if (Buffer.isBuffer(body)) {
      this.#sent = true
      this.#stream!.end(body)
    } else {
      this.#stream!.on('drain', onDrain).on('wantTrailers', onWantTrailers)
      body.pass(this)
      body.resume()
    }
  }

  /** There is no session for it. */
  refuse (error: Error): void {
    if (!this.#over) this.#fail(classify(error), error)
  }

  data (chunk: Buffer): void {
    if (this.#over) return
    if (!this.#stream!.write(chunk)) this.#body!.pause()
  }

  end (trailers: readonly string[] = []): void {
    if (this.#over) return
    this.#sent = true
    this.#requestTrailers = trailers
    this.#stream!.end()
  }

  fail (error: GatewayError): void {
    this.abort(error)
  }

  drained (): void {
    if (!this.#over && !this.#sent) this.#body!.resume()
  }

  sendTrailers (): void {
    const fields = Object.create(null) as Record<string, string[]>
    for (let i = 0; i < this.#requestTrailers.length; i += 2) {
      (fields[this.#requestTrailers[i]!.toLowerCase()] ??= []).push(this.#requestTrailers[i + 1]!)
    }
    try {
      this.#stream!.sendTrailers(fields)
    } catch (error) {
      // node:http2 refuses a field. Thrown out of an event, the error would crash the process.
      this.abort(new GatewayError('bad-request', { cause: error }))
    }
  }

  interim (statusCode: number, list: readonly string[]): void {
    this.begun = true
    this.#session!.heard = true
    if (this.#over) return
    const fields = this.#read(list)
    if (++this.#interim > interimLimit || fields === undefined) this.abort(new GatewayError('malformed-response'))
    else if (statusCode !== 100) this.#listener.interim(statusCode, fields)
  }

  head (statusCode: number, list: readonly string[]): void {
    this.begun = true
    this.#session!.heard = true
    if (this.#over) return
    const fields = this.#read(list)
    if (statusCode < 200 || statusCode > 599 || fields === undefined) {
      this.abort(new GatewayError('malformed-response'))
      return
    }
    this.#headed = true
    const stream = this.#stream!
    if (this.#request.tunnel && statusCode < 300) {
      this.#over = true
      const acceptance = acceptanceOf(this.#request.headers)
      this.#listener.tunnelled(acceptance === undefined ? fields : { ...fields, 'sec-websocket-accept': acceptance }, stream)
      return
    }
    if (this.#request.tunnel) stream.end()
    this.#listener.head(statusCode, fields)
    // Data flows from here on, unless the listener has paused it.
    if (!this.#over) stream.on('data', onData)
  }

  trailers (list: readonly string[]): void {
    this.#session!.heard = true
    this.#responseTrailers = list
  }

  received (chunk: Buffer): void {
    this.#session!.heard = true
    if (this.#over) return
    this.#listener.data(chunk)
  }

  /** All of the response has been read. */
  ended (): void {
    const stream = this.#stream!
    // A reset without an error looks like an end. Its `close` follows.
    if (this.#over || !this.#headed || isCut(stream)) return
    const trailers = this.#read(this.#responseTrailers)
    if (trailers === undefined) {
      this.abort(new GatewayError('malformed-response'))
      return
    }
    this.#over = true
    if (!this.#sent) {
      // The target does not want the rest of the request.
      this.#body!.release()
      if (!stream.closed) stream.close(constants.NGHTTP2_CANCEL)
    }
    this.#listener.end(trailers)
  }

  errored (error: Error): void {
    this.#error = error
  }

  closed (): void {
    const session = this.#session!
    const stream = this.#stream!
    session.release()
    // V8 keeps a closed stream until its next full collection. Without this it would keep the whole exchange with it.
    stream[owner] = undefined
    if (this.#over) return
    const reset = !session.destroyed
    const code = reset ? stream.rstCode : undefined
    const error = this.#error ?? new Error(reset ? 'the target has reset the stream' : 'the target has closed the connection')
    this.#fail(this.#reasonOf(error, code), error, code)
  }

  get #body (): StreamedBody | undefined {
    return this.#request.body as StreamedBody | undefined
  }

  #read (list: readonly string[]): ResponseFields | undefined {
    return responseFields(list, this.#session!.headerLimit)
  }

  #listen (stream: ClientHttp2Stream): void {
    const owned = this.#stream = stream as OwnedStream
    owned[owner] = this
    watchEnd(owned)
    owned.on('headers', onInterim).on('response', onResponse).on('trailers', onTrailers).on('end', onEnd)
    owned.on('error', onError).on('close', onClose)
  }

  #reasonOf (error: Error, resetCode: number | undefined): Reason {
    if (this.#headed) return reasons['response-cut']
    // node:http2 resets a stream with it, too, when a response breaks the rules.
    return resetCode === constants.NGHTTP2_PROTOCOL_ERROR ? reasons['malformed-response'] : classify(error)
  }

  #fail (reason: Reason, cause: Error, resetCode?: number): void {
    this.#over = true
    const { body } = this.#request
    const session = this.#session
    const id = this.#stream?.id
    if (body !== undefined && !Buffer.isBuffer(body)) body.release()
    const own = cause instanceof GatewayError
    const lost = !own && session?.destroyed === true && !this.begun
    this.#listener.failed({
      reason,
      cause,
      closedIdle: lost && session.used > 1,
      unwritten: this.#stream !== undefined && !own && !this.#sent,
      unprocessed: !own && !this.#headed && (resetCode === constants.NGHTTP2_REFUSED_STREAM || (id !== undefined && session!.lastId < id)),
      resetCode
    })
  }
}

type Status = IncomingHttpHeaders & IncomingHttpStatusHeader

function onInterim (this: ClientHttp2Stream, headers: Status, _flags: number, list: string[]): void {
  (this as OwnedStream)[owner]?.interim(headers[':status']!, list)
}

function onResponse (this: ClientHttp2Stream, headers: Status, _flags: number, list: string[]): void {
  (this as OwnedStream)[owner]?.head(headers[':status']!, list)
}

function onTrailers (this: ClientHttp2Stream, _headers: IncomingHttpHeaders, _flags: number, list: string[]): void {
  (this as OwnedStream)[owner]?.trailers(list)
}

function onData (this: ClientHttp2Stream, chunk: Buffer): void {
  (this as OwnedStream)[owner]?.received(chunk)
}

function onEnd (this: ClientHttp2Stream): void {
  (this as OwnedStream)[owner]?.ended()
}

function onError (this: ClientHttp2Stream, error: Error): void {
  (this as OwnedStream)[owner]?.errored(error)
}

function onClose (this: ClientHttp2Stream): void {
  (this as OwnedStream)[owner]?.closed()
}

function onDrain (this: ClientHttp2Stream): void {
  (this as OwnedStream)[owner]?.drained()
}

function onWantTrailers (this: ClientHttp2Stream): void {
  (this as OwnedStream)[owner]?.sendTrailers()
}
