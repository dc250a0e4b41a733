/** One request over HTTP/1.1: translates the events of undici for the listener, and decides what its errors mean. */

import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import { GatewayError, reasons, type Reason } from '../../contract/errors.ts'
import type { Transmission, TransportListener } from '../../contract/transport.ts'
import { isPlainlyFramed } from '../../http/transfer-coding.ts'
import { FirstByteHandler } from '../../internals/undici-first-byte.ts'
import { unaskedContinue } from '../../internals/undici-response-parser.ts'
import { useOf } from '../../internals/undici-socket-errors.ts'
import { classify } from '../failure.ts'
import type { WebSocketHandshake } from './websocket-handshake.ts'

/** The most interim responses (1xx) before the final one. */
const interimLimit = 100

type Headers = Record<string, string | string[]>

export class Http1Transmission extends FirstByteHandler implements Dispatcher.DispatchHandler, Transmission {
  readonly #listener: TransportListener
  readonly #handshake: WebSocketHandshake | undefined
  #controller: Dispatcher.DispatchController | undefined
  #interim = 0
  /** Whether the status line and headers have been passed on. */
  #headed = false

  /** @param handshake of a request for a WebSocket */
  constructor (listener: TransportListener, handshake?: WebSocketHandshake) {
    super()
    this.#listener = listener
    this.#handshake = handshake
  }

  get paused (): boolean {
    return this.#controller!.paused
  }

  pause (): void {
    this.#controller!.pause()
  }

  resume (): void {
    this.#controller!.resume()
  }

  abort (error: Error): void {
    this.#controller!.abort(error)
  }

  onRequestStart (controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#listener.started(this)
  }

  onResponseStart (controller: Dispatcher.DispatchController, statusCode: number, headers: Headers): void {
    // A 101 without Upgrade, and so without a WebSocket.
    if (statusCode < 200 && statusCode !== 101 && ++this.#interim <= interimLimit) {
      if (statusCode !== unaskedContinue) this.#listener.interim(statusCode, headers)
      return
    }
    // Otherwise the client would get a body in a transfer coding that is not declared to it.
    const coding = headers['transfer-encoding']
    if (statusCode < 200 || statusCode > 599 || (coding !== undefined && !isPlainlyFramed(String(coding), '1.1'))) {
      controller.abort(new GatewayError('malformed-response'))
      return
    }
    this.#headed = true
    this.#listener.head(statusCode, headers)
  }

  onRequestUpgrade (_controller: Dispatcher.DispatchController, statusCode: number, headers: Headers, socket: Duplex): void {
    socket.on('error', ignore)
    if (statusCode !== 101 || this.#handshake?.accepts(headers) !== true) {
      socket.destroy()
      const cause = new Error('the response does not accept the WebSocket')
      this.#listener.failed({ reason: reasons['malformed-response'], cause, closedIdle: false, unwritten: false, unprocessed: false })
      return
    }
    this.#headed = true
    this.#listener.tunnelled(headers, socket)
  }

  onResponseData (_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#listener.data(chunk)
  }

  onResponseEnd (_controller: Dispatcher.DispatchController, trailers: Headers): void {
    this.#listener.end(trailers)
  }

  onResponseError (_controller: Dispatcher.DispatchController, error: Error): void {
    const use = useOf(error)
    const reason = this.#reasonOf(error)
    this.#listener.failed({
      reason,
      cause: error,
      closedIdle: reason.code === 'connection-terminated' && !this.begun && (use?.bytesRead ?? 0) > 0,
      unwritten: use?.writing === true,
      unprocessed: false
    })
  }

  #reasonOf (error: Error): Reason {
    if (error instanceof GatewayError) return error.reason
    return this.#headed ? reasons['response-cut'] : classify(error)
  }
}

/** An error of a connection that was handed over is followed by `close`. */
function ignore (): void {}
