/** The client's body as one attempt sends it. */

import { EventEmitter } from 'node:events'
import type { GatewayError } from '../contract/errors.ts'
import type { Upload, UploadReader } from '../exchange/upload.ts'

/**
 * Looks like a Readable to undici, which destroys what it is given when an attempt fails. The client's own stream must outlive
 * that: another attempt may still need it, and destroying it would cut the client off from its answer. Beside the events that undici
 * listens to it emits `flowing` when it waits for the client and `full` when it waits for the target.
 */
export class RequestBody extends EventEmitter implements UploadReader {
  readonly #upload: Upload
  #started = false
  #over = false

  constructor (upload: Upload) {
    super()
    this.#upload = upload
  }

  /** Whether bytes may have been passed on: then the body cannot be sent a second time. */
  get started (): boolean {
    return this.#started
  }

  resume (): this {
    if (!this.#started) {
      this.#started = true
      this.#upload.pass(this)
    }
    this.#upload.resume()
    this.emit('flowing')
    return this
  }

  pause (): this {
    this.#upload.pause()
    this.emit('full')
    return this
  }

  /** Marks this as a stream for undici, which then listens to its events; it is never called. */
  pipe (): never {
    throw new Error('a request body is read by its events')
  }

  /** Lets go of the client's stream. */
  destroy (): this {
    if (this.#started && !this.#over) this.#upload.drop()
    this.#over = true
    return this
  }

  data (chunk: Buffer): void {
    this.emit('data', chunk)
  }

  end (): void {
    this.#over = true
    this.emit('end')
  }

  fail (error: GatewayError): void {
    this.#over = true
    this.emit('error', error)
  }
}
