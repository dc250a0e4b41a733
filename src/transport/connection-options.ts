/** Options of the connections to a target. */

import type { UpstreamConfig } from '../config/types.ts'

/** Plain data that decides how connections are opened. Targets with equal options share their connections. */
export interface ConnectionOptions {
  readonly protocol: UpstreamConfig['protocol']
  readonly origin: string
  /** The IP address to connect to. Host and TLS still use the host of the origin. */
  readonly address?: string
  readonly connect: UpstreamConfig['timeouts']['connect']
  readonly connections: UpstreamConfig['connections']
  readonly tls: UpstreamConfig['tls']
}
