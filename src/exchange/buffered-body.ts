/** Request bodies that are read before they are sent: whole, so that they can be sent again or because a policy wants to see them, or as far as it is worth it. */

import { GatewayError } from '../contract/errors.ts'
import type { Exchange } from '../contract/exchange.ts'
import type { UpstreamIdentity } from '../contract/target.ts'
import { retriesOf } from '../transport/retry/retry.ts'
import { kernelSideOf } from './exchange.ts'
import { Upload } from './upload.ts'

/** Bytes that are worth a connection to a target, though the body goes on. */
const worthSending = 16 * 1024

/** Milliseconds after which less is sent too: the client may wait for an answer before it sends more. */
const patience = 100

/** How often a slow upload looks whether there is room for it, in milliseconds. */
const lookAgain = 250

/**
 * Reads as much of a body as there should be before a target is selected, so that a slow client takes no place at one: all of what has come whole
 * at once or may be read whole for retries, else the first 16 KiB. A slower one goes on with less after a tenth of a second, but only to
 * an upstream with a target that has half of its connections free.
 *
 * Called back with an error when there is too much, or when the client left or was too slow.
 */
export function receive (exchange: Exchange, upstream: UpstreamIdentity, limit: number, done: (error: GatewayError | undefined) => void): void {
  const upload = uploadOf(exchange, limit)
  const declared = exchange.headers['transfer-encoding'] === undefined ? Number(exchange.headers['content-length']) : Infinity
  const isWhole = declared <= retriesOf(upstream).bufferBody
  const look = (): void => {
    if (upload.held > 0 && hasRoom(upstream)) upload.hasten()
    else timer = setTimeout(look, lookAgain)
  }
  let timer = isWhole ? undefined : setTimeout(look, patience)
  upload.collect(isWhole ? Infinity : worthSending, error => {
    clearTimeout(timer)
    // In one piece it can be sent again; one in chunks stays in chunks.
    if (error === undefined && upload.complete && declared !== Infinity) exchange.body = upload.whole()
    done(error)
  })
}

/** Whether a target has at least half of its connections free. */
function hasRoom ({ targets, config: { connections } }: UpstreamIdentity): boolean {
  return targets.some(({ load, weight }) => weight > 0 && load.active * 2 < connections.max)
}

/**
 * Reads the body of a request for a policy; it is forwarded all the same. Whoever asks again gets the same bytes.
 * @param limit most bytes
 * @throws GatewayError `body-too-large`, `buffers-full`, `request-timeout` when the client is too slow, or `client-closed` when it cut the body short
 */
export async function readBody (exchange: Exchange, limit: number): Promise<Buffer> {
  if (exchange.body !== undefined && exchange.body.length <= limit) return exchange.body
  if (exchange.body !== undefined || Number(exchange.headers['content-length'] ?? 0) > limit) throw new GatewayError('body-too-large')
  if (!exchange.hasBody) return empty
  const body = await uploadOf(exchange, limit).read()
  if (body.length > limit) throw new GatewayError('body-too-large')
  exchange.body = body
  return body
}

/** The reading of its body: the one that has begun, or a new one. */
function uploadOf (exchange: Exchange, limit: number): Upload {
  const kernelSide = kernelSideOf(exchange)
  return kernelSide.upload ??= new Upload(exchange, kernelSide.uploads, limit)
}

const empty = Buffer.alloc(0)
