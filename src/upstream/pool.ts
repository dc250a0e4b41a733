/** The connections to one target: an undici Pool that verifies certificates and bounds everything. */

import type { Socket } from 'node:net'
import { buildConnector, errors, Pool } from 'undici'
import type { Clock } from '../clock.ts'
import type { UpstreamConfig } from '../config/types.ts'
import type { NameLookup } from '../dns/names.ts'
import { patiently } from '../patient-timer.ts'
import { readEarlyAnswers } from './early-answer.ts'
import { classify, type SocketUse } from './failure.ts'
import type { Load } from './load.ts'
import { mendParser } from './response-parser.ts'

/** Plain data that decides how connections are made; two targets with the same one share a pool. */
export interface PoolOptions {
  readonly origin: string
  /** IP address to connect to in place of the origin's host, which Host and TLS go on to name. */
  readonly address?: string
  readonly connect: UpstreamConfig['timeouts']['connect']
  readonly connections: UpstreamConfig['connections']
  readonly tls: UpstreamConfig['tls']
}

/** What a pool needs beside its options. */
export interface PoolContext {
  readonly names: NameLookup
  /** Told of each connection that is opened, or that cannot be. */
  readonly load: Load
  readonly clock: Clock
}

/** Opens no connection before the first request. */
export function createPool (options: PoolOptions, { names, load, clock }: PoolContext): Pool {
  const { tls, connections } = options
  const connector = buildConnector({
    // Its own timer is coarse: half a second and more too late.
    timeout: 0,
    lookup: names.lookup,
    rejectUnauthorized: tls.verify,
    ...(tls.ca === undefined ? {} : { ca: tls.ca.trim() }),
    ...(tls.cert === undefined ? {} : { cert: tls.cert.trim() }),
    ...(tls.key === undefined ? {} : { key: tls.key.trim() }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName })
  })
  return new Pool(options.origin, {
    connections: connections.max,
    pipelining: 1,
    keepAliveTimeout: connections.keepAlive,
    keepAliveMaxTimeout: connections.keepAlive,
    maxHeaderSize: connections.responseHeaders,
    allowH2: false,
    // The attempt loop has timers of its own: undici's are coarse and do not know why they fire.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect (target, callback) {
      const { opened: before } = load
      const timer = options.connect === 0 ? undefined : patiently(options.connect, () => socket.destroy(new errors.ConnectTimeoutError()))
      // It does return the socket, whatever its type says.
      const socket = connector(options.address === undefined ? target : { ...target, hostname: options.address }, (...result) => {
        timer?.clear()
        const [error, opened] = result
        if (error !== null) {
          markDial(error)
          load.failed(classify(error), before, clock.now())
          // The name may have moved to another address.
          if (options.address === undefined) names.doubt(target.hostname)
        } else {
          load.connected()
          opened.once('error', tellUse)
          readEarlyAnswers(opened)
        }
        callback(...result)
        if (error === null) mendParser(opened)
      }) as unknown as Socket
    }
  })
}

/** A connection that is reset in its TLS handshake never was one, as little as one that is reset before. */
function markDial (error: NodeJS.ErrnoException): void {
  if (error.code === 'ECONNRESET') error.syscall ??= 'connect'
}

/** undici says of the errors it makes itself how much the socket had been used; all must say it, and whether a body was being written, for who judges the target. */
function tellUse (this: Socket, error: Error & { socket?: SocketUse }): void {
  error.socket = { bytesRead: this.bytesRead, writing: this.writableLength > 0 }
}
