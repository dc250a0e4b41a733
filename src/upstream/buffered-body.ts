/** A request body that is read whole before it is sent: so that it can be sent again, or because a policy wants to see it. */

import { GatewayError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** Whether the body has a declared length of at most `most` bytes. A chunked one may grow without end, so it has not. */
export function isBufferable ({ headers }: Exchange, most: number): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= most
}

/** Reads the body of an exchange, of at most `limit` bytes. Called back with an error when it has more, or when the client cut it short. */
export function bufferBody (exchange: Exchange, limit: number, done: (error: GatewayError | undefined, body: Buffer) => void): void {
  const { raw } = exchange
  const chunks: Buffer[] = []
  const onData = (chunk: Buffer): void => {
    exchange.bytesIn += chunk.length
    chunks.push(chunk)
    if (exchange.bytesIn > limit) end(new GatewayError('body-too-large'))
  }
  const finish = (): void => end(raw.complete ? undefined : new GatewayError('client-closed'))
  const end = (error: GatewayError | undefined): void => {
    raw.off('data', onData).off('end', finish).off('error', finish).off('close', finish)
    if (error !== undefined) raw.pause()
    done(error, Buffer.concat(chunks))
  }
  raw.on('data', onData).on('end', finish).on('error', finish).on('close', finish)
}

/**
 * Reads the body of a request for a policy; it is forwarded all the same. Whoever asks again gets the same bytes.
 * @param limit most bytes
 * @throws GatewayError `body-too-large`, or `client-closed` when the client cut it short
 */
export async function readBody (exchange: Exchange, limit: number): Promise<Buffer> {
  if (exchange.body !== undefined && exchange.body.length <= limit) return exchange.body
  if (exchange.body !== undefined || Number(exchange.headers['content-length'] ?? 0) > limit) throw new GatewayError('body-too-large')
  if (!exchange.hasBody) return empty
  exchange.body = await new Promise<Buffer>((resolve, reject) => {
    bufferBody(exchange, limit, (error, body) => {
      if (error === undefined) resolve(body)
      else reject(error)
    })
  })
  return exchange.body
}

const empty = Buffer.alloc(0)
