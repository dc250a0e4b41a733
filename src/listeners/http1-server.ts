/** The HTTP/1.1 server of a listener, to whose events all of them are given. It begins no connection by itself. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { nodeHttp } from '../http/node-http.ts'
import { WholeResponse } from '../http/whole-response.ts'
import { takeConnectionListener } from '../internals/node-connection-listener.ts'
import { connectionOf } from './connection.ts'
import type { Refusals } from './refusals.ts'
import { isUpgraded, serveUpgrades } from './upgrades.ts'

/** How often Node checks for slow connections, in milliseconds. */
const checkInterval = 1000

/** What a server is made with. */
export interface Http1ServerOptions {
  /** The most bytes of the request line and headers. */
  readonly headers: number
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
  readonly refusals: Refusals
}

/** Creates a server. `accept` serves a connection; call it once the first byte of the client's first request is next. */
export function createHttp1Server ({ headers, serve, refusals }: Http1ServerOptions): {
  readonly server: Server, readonly accept: (socket: Socket) => void
} {
  const server = nodeHttp.createServer({
    maxHeaderSize: headers,
    connectionsCheckingInterval: checkInterval,
    noDelay: true,
    // A client that is gone without a word would keep a silent event stream for ever: it is noticed after 70 seconds.
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
    ServerResponse: WholeResponse,
    // Streams of requests that cannot have a body are complete from the start, which saves all their events.
    optimizeEmptyRequests: true,
    // Contradictory fields are rejected, not joined.
    insecureHTTPParser: false,
    // The request guard rejects a request without Host, with a reason.
    requireHostHeader: false,
    joinDuplicateHeaders: false,
    shouldUpgradeCallback: isUpgraded
  })
  // Node silently drops header fields above a count. Here only their size is limited, and nothing is dropped.
  server.maxHeadersCount = 0
  const accept = takeConnectionListener(server)
  server.on('request', serve)
  // The request guard rejects unknown expectations.
  server.on('checkExpectation', serve)
  // Node would send 100 Continue at once. Here it is sent when the body is read.
  server.on('checkContinue', serve)
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => refusals.unreadable(connectionOf(socket), error))
  serveUpgrades(server, { serve, accept })
  server.on('connect', (_request, socket: Socket) => refusals.tunnel(connectionOf(socket)))
  return { server, accept }
}
