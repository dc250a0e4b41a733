/** How connections to a target are made. */

import type { UpstreamConfig } from '../config/types.ts'

/** Plain data that decides how connections are made; two targets with the same one share a pool. */
export interface ConnectionOptions {
  readonly origin: string
  /** IP address to connect to in place of the origin's host, which Host and TLS go on to name. */
  readonly address?: string
  readonly connect: UpstreamConfig['timeouts']['connect']
  readonly connections: UpstreamConfig['connections']
  readonly tls: UpstreamConfig['tls']
}
