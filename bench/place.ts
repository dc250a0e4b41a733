/** The surroundings of one sample: folder, ports, targets. What a contender is configured with. */

import { createServer, type AddressInfo } from 'node:net'
import type { Load } from './scenario.ts'

/** Where a contender finds what it needs. */
export interface Place {
  /** Folder of its own, for its configuration and its log. */
  readonly folder: string
  /** Port that it must listen on, on 127.0.0.1. */
  readonly port: number
  /** A second port, where it needs one. */
  readonly adminPort: number
  /** Ports of the targets on 127.0.0.1; the first one has the weight 3. */
  readonly targets: readonly [number, number]
  /** Port of a target that speaks HTTP/2 without TLS. */
  readonly http2Target: number
  /** Certificate and key (files) for TLS with clients. */
  readonly own: { readonly certificate: string, readonly key: string }
  /** Certificate of the targets (a file), when they speak TLS. */
  readonly certificate: string | undefined
  /** Port of the collector of traces. */
  readonly collector: number
  /** Secret of the tokens (HS256). */
  readonly secret: string
  readonly load: Load
}

/** URL of a target. */
export function urlOf (place: Place, target: 0 | 1): string {
  if (place.load.http2 === true) return `http://127.0.0.1:${place.http2Target}`
  return `${place.certificate === undefined ? 'http' : 'https'}://127.0.0.1:${place.targets[target]}`
}

/** A port without a listener. */
export async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => { server.close(() => resolve()) })
  return port
}
