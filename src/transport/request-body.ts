/** The request body, as one attempt sends it. */

import type { GatewayError } from '../contract/errors.ts'
import type { Upload, UploadReader } from '../exchange/upload.ts'
import { StreamBody } from '../internals/undici-stream-body.ts'

/**
 * Looks like a Readable to undici, which destroys its body when an attempt fails. The stream of the client must survive that: another
 * attempt may need it, and destroying it would also close the connection of the response. In addition to the events that undici uses, it
 * emits `flowing` when it waits for the client and `full` when it waits for the target.
 */
export class RequestBody extends StreamBody implements UploadReader {
  readonly #upload: Upload
  #started = false
  #over = false

  constructor (upload: Upload) {
    super()
    this.#upload = upload
  }

  /** Whether bytes may have been passed on. Then the body cannot be sent again. */
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

  /** Releases the stream of the client. */
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
