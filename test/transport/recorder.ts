/** A listener, requests and bodies for the tests of transports. */

import type { Duplex } from 'node:stream'
import type {
  BodyReader, ResponseFields, StreamedBody, Transmission, TransportFailure, TransportListener, TransportRequest
} from '../../src/contract/transport.ts'

/** Writes down what it hears. */
export class Recorder implements TransportListener {
  readonly heard: string[] = []
  readonly over = Promise.withResolvers<void>()
  readonly startedOnce = Promise.withResolvers<Transmission>()
  readonly headOnce = Promise.withResolvers<void>()
  transmission: Transmission | undefined
  failure: TransportFailure | undefined
  tunnel: Duplex | undefined
  fields: ResponseFields | undefined
  trailers: ResponseFields | undefined
  readonly chunks: Buffer[] = []

  get body (): string {
    return Buffer.concat(this.chunks).toString()
  }

  started (transmission: Transmission): void {
    this.transmission = transmission
    this.heard.push('started')
    this.startedOnce.resolve(transmission)
  }

  interim (statusCode: number): void {
    this.heard.push(`interim ${statusCode}`)
  }

  head (statusCode: number, fields: ResponseFields): void {
    this.fields = fields
    this.heard.push(`head ${statusCode}`)
    this.headOnce.resolve()
  }

  data (chunk: Buffer): void {
    this.chunks.push(chunk)
  }

  end (trailers: ResponseFields): void {
    this.trailers = trailers
    this.heard.push(`end ${JSON.stringify(trailers)}`)
    this.over.resolve()
  }

  tunnelled (fields: ResponseFields, connection: Duplex): void {
    this.fields = fields
    this.heard.push('tunnelled')
    this.tunnel = connection
    this.over.resolve()
  }

  failed (failure: TransportFailure): void {
    this.failure = failure
    this.heard.push(`failed ${failure.reason.code}`)
    this.over.resolve()
  }
}

/** The simplest request. */
export const get: TransportRequest = {
  method: 'GET',
  path: '/',
  headers: ['host', 'x'],
  body: undefined,
  serverName: undefined,
  tunnel: false
}

/** A body of chunks, which flows as it is told and notes how it is read. */
export class Chunks implements StreamedBody {
  readonly calls: string[] = []
  readonly #chunks: (Buffer | string)[]
  readonly #trailers: readonly string[] | undefined
  #reader: BodyReader | undefined
  #flows = false

  constructor (chunks: readonly (Buffer | string)[], trailers?: readonly string[]) {
    this.#chunks = [...chunks]
    this.#trailers = trailers
  }

  pass (reader: BodyReader): void {
    this.#reader = reader
  }

  resume (): void {
    this.calls.push('resume')
    if (this.#flows) return
    this.#flows = true
    setImmediate(() => this.#flow())
  }

  pause (): void {
    this.calls.push('pause')
    this.#flows = false
  }

  release (): void {
    this.calls.push('release')
    this.#reader = undefined
  }

  #flow (): void {
    while (this.#flows && this.#chunks.length > 0) this.#reader?.data(Buffer.from(this.#chunks.shift()!))
    if (!this.#flows) return
    const reader = this.#reader
    this.#reader = undefined
    reader?.end(this.#trailers)
  }
}
