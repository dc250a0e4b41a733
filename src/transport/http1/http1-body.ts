/** A streamed request body in the form that undici sends. */

import type { BodyReader, StreamedBody } from '../../contract/transport.ts'
import type { GatewayError } from '../../contract/errors.ts'
import { StreamBody } from '../../internals/undici-stream-body.ts'

/** undici destroys the body of a failed attempt. The client's stream must survive that: another attempt may need it. */
export class Http1Body extends StreamBody implements BodyReader {
  readonly #body: StreamedBody

  constructor (body: StreamedBody) {
    super()
    this.#body = body
    body.pass(this)
  }

  resume (): this {
    this.#body.resume()
    return this
  }

  pause (): this {
    this.#body.pause()
    return this
  }

  destroy (): this {
    this.#body.release()
    return this
  }

  data (chunk: Buffer): void {
    this.emit('data', chunk)
  }

  end (): void {
    this.emit('end')
  }

  fail (error: GatewayError): void {
    this.emit('error', error)
  }
}
