/** One request to a target on a connection of its own, for those that ask whether the target works. */

import type { Clock } from '../contract/clock.ts'
import type { ResponseFields, Transmission, TransportFailure, TransportRequest } from '../contract/transport.ts'
import type { NameLookup } from '../dns/names.ts'
import { KeptLoad } from '../upstream/target-load.ts'
import type { ConnectionOptions } from './connection-options.ts'
import { createTransport } from './create-transport.ts'

/** A response whose body is in memory. */
export interface SmallResponse {
  readonly statusCode: number
  readonly headers: ResponseFields
  /** No more than the first `limit` bytes. */
  readonly body: Buffer
  readonly trailers: ResponseFields
}

export interface AskOptions {
  readonly connection: ConnectionOptions
  readonly names: NameLookup
  readonly clock: Clock
  readonly request: Omit<TransportRequest, 'tunnel'>
  /** Bytes of the body after which the rest is not read. */
  readonly limit: number
}

/**
 * Sends the request, with the protocol and the TLS settings of the connection options. When the signal says so, the connection is closed,
 * and the failure is that of a closed connection.
 * @throws for certificates that cannot be read
 */
export async function askOnce (options: AskOptions, signal: AbortSignal): Promise<SmallResponse | { readonly failure: TransportFailure }> {
  const { connection, names, clock, request, limit } = options
  // What happens to this connection says nothing about those of the traffic.
  const load = new KeptLoad()
  const transport = createTransport(connection, { names, load, clock })
  const { promise, resolve } = Promise.withResolvers<SmallResponse | { readonly failure: TransportFailure }>()
  const stop = (): void => { void transport.destroy() }
  signal.addEventListener('abort', stop)

  let transmission: Transmission | undefined
  let statusCode = 0
  let headers: ResponseFields = {}
  const chunks: Buffer[] = []
  let received = 0
  const done = (trailers: ResponseFields): void => {
    resolve({ statusCode, headers, body: Buffer.concat(chunks).subarray(0, limit), trailers })
  }
  transport.send({ ...request, tunnel: false }, {
    started: begun => { transmission = begun },
    interim: () => {},
    head: (status, fields) => {
      statusCode = status
      headers = fields
    },
    data: chunk => {
      chunks.push(chunk)
      received += chunk.length
      if (received < limit) return
      done({})
      transmission!.abort(new Error('the rest is not needed'))
    },
    end: done,
    tunnelled: (_fields, tunnel) => tunnel.destroy(),
    failed: failure => resolve({ failure })
  })
  if (signal.aborted) stop()
  const result = await promise
  signal.removeEventListener('abort', stop)
  await transport.destroy()
  return result
}
