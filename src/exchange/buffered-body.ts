/** Buffers request bodies before they are sent: completely, for retries and for policies that read the body, or the first part of it. */

import { GatewayError } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { UpstreamIdentity } from '../contract/target.ts'
import { retriesOf } from '../transport/retry/retry.ts'
import { type HttpExchange, kernelSideOf } from './exchange.ts'
import { Upload, type UploadRules } from './upload.ts'

/** Bytes after which a target is selected although the body is not complete. */
const worthSending = 16 * 1024

/** Milliseconds after which less is sent too, because the client may wait for a response before it sends more. */
const patience = 100

/** How often a slow upload checks whether a target has a free connection, in milliseconds. */
const lookAgain = 250

/**
 * Reads the first part of a body before a target is selected, so that a slow client does not occupy a connection to it. A body that is
 * small enough for retries is read completely, of others the first 16 KiB. A slower upload continues with less after a tenth of a second,
 * but only to an upstream with a target that has at least half of its connections free.
 *
 * `done` gets an error when the body is too large, or when the client left or was too slow.
 */
export function receive (
  exchange: Exchange,
  upstream: UpstreamIdentity,
  limit: number,
  done: (error: GatewayError | undefined) => void
): void {
  const upload = uploadOf(exchange, limit)
  // Over HTTP/1.1, a slow client would occupy a connection.
  if (exchange.grpc !== undefined && upstream.config.protocol !== 'http1') {
    receiveCall(exchange, upload, done)
    return
  }
  const declared = exchange.headers['transfer-encoding'] === undefined ? Number(exchange.headers['content-length']) : Infinity
  const isWhole = declared <= retriesOf(upstream).bufferBody
  const look = (): void => {
    if (upload.held > 0 && hasRoom(upstream)) upload.hasten()
    else timer = setTimeout(look, lookAgain)
  }
  let timer = isWhole ? undefined : setTimeout(look, patience)
  upload.collect(isWhole ? Infinity : worthSending, error => {
    clearTimeout(timer)
    // A complete body can be sent again. One with chunked transfer coding stays chunked, and one with trailers is followed by them.
    if (error === undefined && upload.complete && declared !== Infinity && exchange.raw.rawTrailers.length === 0) {
      exchange.body = upload.whole()
    }
    done(error)
  })
}

/**
 * The message of a unary call arrives with its header fields, and is read completely, so that the call can be repeated. In a stream the
 * client may wait for the target to speak first, so nothing is waited for.
 */
function receiveCall (exchange: Exchange, upload: Upload, done: (error: GatewayError | undefined) => void): void {
  let waiting = true
  upload.collect(worthSending, error => {
    waiting = false
    if (error === undefined && upload.complete) exchange.body = upload.whole()
    done(error)
  })
  // The first lets the stream flow, the second comes after what had already been read from the socket.
  setImmediate(() => setImmediate(() => { if (waiting) upload.hasten() }))
}

/** Whether a target has at least half of its connections free. */
function hasRoom ({ targets, config: { connections } }: UpstreamIdentity): boolean {
  return targets.some(({ load, weight }) => weight > 0 && load.active * 2 < connections.max)
}

/**
 * Reads the body of a request for a policy. The body is still forwarded, and later calls return the same bytes.
 * @param limit the most bytes
 * @throws GatewayError `body-too-large`, `buffers-full`, `request-timeout` when the client is too slow, or `client-closed` when it ended
 * the body early
 */
export async function readBody (exchange: Exchange, limit: number): Promise<Buffer> {
  if (exchange.body !== undefined && exchange.body.length <= limit) return exchange.body
  if (exchange.body !== undefined || Number(exchange.headers['content-length'] ?? 0) > limit) throw new GatewayError('body-too-large')
  if (!exchange.hasBody) return empty
  const kernelSide = kernelSideOf(exchange)
  kernelSide.bodiesAwaited++
  const body = await uploadOf(exchange, limit).read().finally(() => { kernelSide.bodiesAwaited-- })
  if (body.length > limit) throw new GatewayError('body-too-large')
  exchange.body = body
  return body
}

/** Returns the upload of an exchange: the one that has begun, or a new one. */
function uploadOf (exchange: Exchange, limit: number): Upload {
  const kernelSide = kernelSideOf(exchange)
  return kernelSide.upload ??= new Upload(exchange, rulesFor(kernelSide), limit)
}

/** Streams of gRPC may be silent as long as they like. */
function rulesFor ({ uploads, route }: HttpExchange): UploadRules {
  return route?.config.grpc === undefined ? uploads : { ...uploads, wait: 0, rate: 0 }
}

const empty = Buffer.alloc(0)
