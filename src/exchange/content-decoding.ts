/** Takes the content coding off a response body (RFC 9110 §8.4). */

import type { Duplex } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'
import type { ResponseFields } from '../contract/response-stage.ts'
import { GatewayError } from '../contract/errors.ts'

const decoders: Readonly<Record<string, () => Duplex>> = {
  'gzip': createGunzip,
  'x-gzip': createGunzip,
  'deflate': createInflate,
  'br': createBrotliDecompress,
  'zstd': createZstdDecompress
}

/**
 * Returns the streams that a body goes through to lose its codings, in order, and removes Content-Encoding.
 * @throws GatewayError `malformed-response` for a coding that is not known
 */
export function decodersFor (fields: ResponseFields): Duplex[] {
  const codings = String(fields.getHeader('content-encoding') ?? '').toLowerCase().split(',').map(coding => coding.trim())
  const taken = codings.filter(coding => coding !== '' && coding !== 'identity').toReversed()
  const unknown = taken.find(coding => !Object.hasOwn(decoders, coding))
  if (unknown !== undefined) {
    throw new GatewayError('malformed-response', { cause: new Error(`content coding ${JSON.stringify(unknown)} is not known`) })
  }
  fields.removeHeader('content-encoding')
  return taken.map(coding => decoders[coding]!())
}
