/** Requests with an Upgrade field: WebSockets become requests with a tunnel, and all others are served without the upgrade. */

import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ClientTunnel } from '../contract/client-request.ts'
import { readHandshake } from '../http/websocket.ts'
import { upgradeResponse } from '../internals/node-upgrade-response.ts'
import { connectionOf, isOver } from './connection.ts'
import { UpgradedClient } from './upgraded-client.ts'

/** What an upgrade needs of its listener. */
export interface UpgradeOptions {
  readonly serve: (request: IncomingMessage, response: ServerResponse) => void
  /** Begins to read requests from a connection whose first bytes are back in it. */
  readonly accept: (socket: Socket) => void
}

/**
 * Whether Node is to hand over the connection of a request with an Upgrade field. An upgrade may always be ignored (RFC 9110 §7.8), and is
 * where an earlier response is not complete. Node asks since 24.9; before it hands every such connection over.
 */
export function isUpgraded (request: IncomingMessage): boolean {
  return readHandshake(request) === 'valid' && connectionOf(request.socket).pending.length === 0
}

/** Serves the upgrades of a server. */
export function serveUpgrades (server: Server, { serve, accept }: UpgradeOptions): void {
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const handshake = readHandshake(request)
    if (handshake === 'none' || connectionOf(socket).pending.length > 0) serveAgain(request, socket, head, accept)
    else upgrade(request, socket, head, handshake === 'valid', serve)
  })
}

/** A request whose handshake is not valid gets no tunnel, and is refused. Node hands it over before 24.9. */
function upgrade (request: IncomingMessage, socket: Socket, head: Buffer, valid: boolean, serve: UpgradeOptions['serve']): void {
  const connection = connectionOf(socket)
  const response = upgradeResponse(request, socket, () => {
    client.release()
    connection.endAfterLast()
  })
  const client = new UpgradedClient(connection, request, response, head)
  if (valid) (request as { tunnel?: ClientTunnel }).tunnel = client
  serve(request, response)
  connection.ended = true
}

/** Before Node 24.9: puts the request back into its connection without the Upgrade field, after the responses before it. */
function serveAgain (request: IncomingMessage, socket: Socket, head: Buffer, accept: UpgradeOptions['accept']): void {
  const { latest } = connectionOf(socket)
  if (latest !== undefined && !isOver(latest)) {
    latest.once('close', () => serveAgain(request, socket, head, accept))
    return
  }
  if (socket.destroyed) return
  const { method, url, httpVersion, rawHeaders } = request
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let i = 0; i < rawHeaders.length; i += 2) {
    if (rawHeaders[i]!.toLowerCase() !== 'upgrade') lines.push(`${rawHeaders[i]!}: ${rawHeaders[i + 1]!}`)
  }
  if (head.length > 0) socket.unshift(head)
  socket.unshift(Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'))
  accept(socket)
}
