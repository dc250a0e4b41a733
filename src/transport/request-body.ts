/** The streamed request body of one attempt. */

import type { GatewayError } from '../contract/errors.ts'
import type { BodyReader, StreamedBody } from '../contract/transport.ts'
import type { Upload, UploadReader } from '../exchange/upload.ts'

/** Hears what the body waits for. */
export interface BodyOwner {
  /** It waits for the client. */
  flowing (): void
  /** It waits for the target. */
  full (): void
  /** All of it was passed on. Returns those of the client's trailers that the target receives. */
  sent (trailers: readonly string[]): readonly string[] | undefined
}

/** Leaves the upload intact when its attempt fails: another attempt may need it, and destroying it would close the client's connection. */
export class RequestBody implements StreamedBody, UploadReader {
  readonly #upload: Upload
  readonly #owner: BodyOwner
  #reader: BodyReader | undefined
  #started = false
  #over = false

  constructor (upload: Upload, owner: BodyOwner) {
    this.#upload = upload
    this.#owner = owner
  }

  /** Whether bytes may have been passed on. Then the body cannot be sent again. */
  get started (): boolean {
    return this.#started
  }

  pass (reader: BodyReader): void {
    this.#reader = reader
  }

  resume (): void {
    if (!this.#started) {
      this.#started = true
      this.#upload.pass(this)
    }
    this.#upload.resume()
    this.#owner.flowing()
  }

  pause (): void {
    this.#upload.pause()
    this.#owner.full()
  }

  release (): void {
    if (this.#started && !this.#over) this.#upload.drop()
    this.#over = true
  }

  data (chunk: Buffer): void {
    this.#reader!.data(chunk)
  }

  end (trailers: readonly string[]): void {
    this.#over = true
    this.#reader!.end(this.#owner.sent(trailers))
  }

  fail (error: GatewayError): void {
    this.#over = true
    this.#reader!.fail(error)
  }
}
