/** A request body that is read whole before it is sent, so that it can be sent again. */

import { GatewayError } from '../errors.ts'
import type { Exchange } from './exchange.ts'

/** Whether the body has a declared length of at most `most` bytes. A chunked one may grow without end, so it has not. */
export function isBufferable ({ headers }: Exchange, most: number): boolean {
  return headers['transfer-encoding'] === undefined && Number(headers['content-length'] ?? 0) <= most
}

/** Reads the body of an exchange. Called back with an error when the client cut it short. */
export function bufferBody (exchange: Exchange, done: (error: GatewayError | undefined, body: Buffer) => void): void {
  const { raw } = exchange
  const chunks: Buffer[] = []
  const onData = (chunk: Buffer): void => {
    exchange.bytesIn += chunk.length
    chunks.push(chunk)
  }
  const finish = (): void => {
    raw.off('data', onData).off('end', finish).off('error', finish).off('close', finish)
    done(raw.complete ? undefined : new GatewayError('client-closed'), Buffer.concat(chunks))
  }
  raw.on('data', onData).on('end', finish).on('error', finish).on('close', finish)
}
