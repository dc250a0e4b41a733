/** The whole body of a response, for `onSend` hooks of plugins. */

import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FastifyReply } from 'fastify'
import { GatewayError } from '../contract/errors.ts'
import { decodersFor } from './content-decoding.ts'
import { kernelSideOf, type HttpExchange } from './exchange.ts'
import { bodyOf, hasBody, unpack } from './response-stage.ts'

export interface ReadResponseOptions {
  /** Whether the content coding (gzip, deflate, br, zstd) is taken off, and Content-Encoding with it. `limit` is for what comes out. */
  readonly decode?: boolean
}

/**
 * Reads the body of a response in an `onSend` hook, whatever kind of payload the hook is given. When the hook then returns nothing, the
 * body that was read is sent.
 * @param limit the most bytes
 * @returns undefined for a response that has no body (HEAD, 204, 304): return nothing then
 * @throws GatewayError `response-too-large`, `malformed-response` when it cannot be decoded, or the error of the target
 */
export async function readResponseBody (
  reply: FastifyReply,
  payload: unknown,
  limit: number,
  { decode = false }: ReadResponseOptions = {}
): Promise<Buffer | undefined> {
  const exchange = kernelSideOf(reply.request.exchange)
  if (!hasBody(exchange, reply)) {
    // It would be the length of the body before it is changed.
    void reply.removeHeader('content-length')
    return undefined
  }
  const source = bodyOf(unpack(reply, payload))
  const stream = source instanceof Readable ? source : Readable.from(source, { objectMode: false })
  exchange.bodiesAwaited++
  try {
    const body = await collect(stream, decode ? decodersFor(reply) : [], limit)
    if (decode) void reply.removeHeader('content-length')
    exchange.bodyRead = { payload, body }
    return body
  } finally {
    exchange.bodiesAwaited--
  }
}

async function collect (source: Readable, decoders: ReturnType<typeof decodersFor>, limit: number): Promise<Buffer> {
  let broken: Error | undefined
  source.once('error', error => { broken = error })
  const chunks: Buffer[] = []
  let total = 0
  try {
    const keep = async (body: AsyncIterable<Buffer | string>): Promise<void> => {
      for await (const chunk of body) {
        const bytes = Buffer.from(chunk as Buffer)
        total += bytes.length
        if (total > limit) throw new GatewayError('response-too-large')
        chunks.push(bytes)
      }
    }
    // The types know no list that ends in a function.
    await pipeline([source, ...decoders, keep] as never)
  } catch (error) {
    // The pipeline ends with the first error. Those of the target and of this function are no fault of the coding.
    if (error instanceof GatewayError || error === broken || decoders.length === 0) throw error
    throw new GatewayError('malformed-response', { cause: error })
  }
  return Buffer.concat(chunks, total)
}

/** The payload as it was before a hook. */
export interface PayloadBefore {
  readonly payload: unknown
  readonly length: unknown
}

/** What is sent after an `onSend` hook has returned `value`. */
export function payloadAfter (exchange: HttpExchange, reply: FastifyReply, before: PayloadBefore, value: unknown): unknown {
  // The stream has been read, so nothing would be left of it.
  if (value === undefined) return exchange.bodyRead?.payload === before.payload ? exchange.bodyRead?.body : undefined
  // Fastify corrects the length of texts and buffers. That of a stream is known only to a hook that has set it.
  if (value !== before.payload && isStream(value) && before.length !== undefined && reply.getHeader('content-length') === before.length) {
    void reply.removeHeader('content-length')
  }
  return value
}

function isStream (value: unknown): boolean {
  return typeof value === 'object' && value !== null && ('pipe' in value || 'getReader' in value)
}
