/** An `onSend` hook that sends the bodies of responses through a stream. */

import type { Duplex } from 'node:stream'
import type { onSendHookHandler } from 'fastify'
import type { ResponseFields } from '../contract/response-stage.ts'
import { GatewayError, reasons } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import { decodersFor } from './content-decoding.ts'
import { responseStage } from './response-stage.ts'

export interface TransformResponseOptions {
  /** Whether the content coding (gzip, deflate, br, zstd) is taken off first, and Content-Encoding with it. */
  readonly decode?: boolean
}

/**
 * Makes the hook: a response stage with nothing but a transform. `create` is called for each response that has a body, and may return
 * undefined to leave it as it is.
 */
export function transformResponse (
  create: (exchange: Exchange, fields: ResponseFields) => Duplex | undefined,
  { decode = false }: TransformResponseOptions = {}
): onSendHookHandler {
  return responseStage({
    transform (exchange, fields) {
      const stream = create(exchange, fields)
      if (stream === undefined || !decode) return stream
      const decoders = decodersFor(fields)
      for (const decoder of decoders) {
        decoder.once('error', error => {
          // The target has failed, or the exchange is over.
          if (error instanceof GatewayError || exchange.over) return
          exchange.reason ??= reasons['malformed-response']
          exchange.cause ??= error
        })
      }
      return [...decoders, stream]
    }
  })
}
