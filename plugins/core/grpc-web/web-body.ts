/** Bodies of gRPC-Web: frames as in gRPC, the trailers as the last of them, and all of it in base64 for clients that read text. */

import { Transform, type TransformCallback } from 'node:stream'
import { passableTrailers, writeTrailersFrame } from '../../../src/http/index.ts'

/** Makes the body of a response to a web page of one of gRPC. */
export class WebBody extends Transform {
  readonly #text: boolean
  readonly #trailers: () => Parameters<typeof passableTrailers>[0]

  /** `trailers` is called at the end of the body. */
  constructor (text: boolean, trailers: () => Parameters<typeof passableTrailers>[0]) {
    super()
    this.#text = text
    this.#trailers = trailers
  }

  override _transform (chunk: Buffer, _encoding: string, done: TransformCallback): void {
    done(null, this.#encode(chunk))
  }

  override _flush (done: TransformCallback): void {
    done(null, this.#encode(writeTrailersFrame(passableTrailers(this.#trailers()))))
  }

  /** Each piece is padded, so that the client can read it as soon as it arrives. */
  #encode (bytes: Buffer): Buffer {
    return this.#text ? Buffer.from(bytes.toString('base64'), 'latin1') : bytes
  }
}

/** Decodes base64 whose pieces may be padded, one after the other; undefined for other bytes. */
export function readBase64 (bytes: Buffer): Buffer | undefined {
  const text = bytes.toString('latin1')
  if (/[^A-Za-z0-9+/=]/.test(text)) return undefined
  const decoded: Buffer[] = []
  for (const [piece, characters, padding] of text.matchAll(/([^=]*)(=*)/g)) {
    if (piece.length % 4 !== 0 || padding!.length > 2 || (padding !== '' && characters!.length < 2)) return undefined
    decoded.push(Buffer.from(piece, 'base64'))
  }
  return Buffer.concat(decoded)
}
