/** Rejects, before anything else, a request that the router and the upstream could interpret differently. */

import fp from 'fastify-plugin'
import type { FastifyInstance } from 'fastify'
import { type Exchange, GatewayError, type ReasonCode } from '../../../src/index.ts'
import {
  allowsServed, expectationOf, hasOwnStream, hasVia, isPlainlyFramed, readHandshake, readHost, readRequestTarget, webSocketVersion
} from '../../../src/http/index.ts'
import { endRequests } from '../../../src/transport/index.ts'

/** A request may pass a few gateways of the same name. With more, it is in a loop. */
const mostPasses = 4

/** RFC 9110 §15.5.6 asks for it. */
const allowing = { headers: { allow: allowsServed } }

async function requestGuard (app: FastifyInstance): Promise<void> {
  const { name, limits, underscores } = app.gateway.config.server

  app.gateway.onBegin(exchange => {
    const { httpVersion, raw: { malformed } } = exchange
    if (malformed === undefined) {
      // Node's parser also accepts 0.9 and 2.0, whose messages are framed differently (RFC 9112 §2.3).
      if ((httpVersion !== '1.1' && httpVersion !== '1.0') || !isPlainlyFramed(exchange.headers['transfer-encoding'], httpVersion)) {
        refuseAndEnd(exchange, 'bad-request')
        return
      }
    } else if (malformed) {
      exchange.refusal = new GatewayError('bad-request')
      return
    }
    if (expectationOf(exchange.raw) === 'unknown') {
      refuseAndEnd(exchange, 'unsupported-expectation')
      return
    }
    // A valid handshake has a tunnel, unless an earlier response is still under way. Then it is an ordinary request.
    if (exchange.headers.upgrade !== undefined && !exchange.isTunnel && refuseHandshake(exchange)) return
    const code = readTarget(exchange, limits.url) ?? readAuthority(exchange) ?? misdirected(exchange) ?? looped(exchange, name)
    if (code !== undefined) exchange.refusal = new GatewayError(code, code === 'method-not-allowed' ? allowing : {})
    else if (underscores === 'refuse' && hasUnderscore(exchange.fields.list)) exchange.refusal = new GatewayError('bad-request', {
      detail: 'A field name has a "_" in it.'
    })
  })
}

/**
 * A message with unusual framing may hide another one: the connection is closed, and data that was already
 * read is dropped (RFC 9112 §6.1). HTTP/2 frames its messages by itself.
 */
function refuseAndEnd (exchange: Exchange, code: ReasonCode): void {
  const isAlone = !hasOwnStream(exchange.raw)
  exchange.refusal = new GatewayError(code, isAlone ? { headers: { connection: 'close' } } : {})
  if (isAlone) endRequests(exchange.raw.socket)
}

/** Returns whether it is refused. */
function refuseHandshake (exchange: Exchange): boolean {
  const handshake = readHandshake(exchange.raw)
  if (handshake === 'none' || handshake === 'valid') return false
  refuseAndEnd(exchange, 'bad-websocket-handshake')
  if (handshake === 'bad-version') {
    const headers = { connection: 'Upgrade, close', upgrade: 'websocket', 'sec-websocket-version': webSocketVersion }
    exchange.refusal = new GatewayError('websocket-version', { headers })
  }
  return true
}

function readTarget (exchange: Exchange, longest: number): ReasonCode | undefined {
  // TRACE would echo credentials back to a page that makes a browser send it (RFC 9110 §9.3.8).
  // The gateway never opens tunnels. CONNECT of HTTP/1.1 does not come here.
  if (exchange.method === 'TRACE' || exchange.method === 'CONNECT') return 'method-not-allowed'
  const target = readRequestTarget(exchange.method, exchange.raw.url!, longest)
  if (typeof target === 'string') return target === 'too-long' ? 'target-too-long' : 'bad-target'
  exchange.path = target.path
  exchange.query = target.query
  exchange.authority = target.authority
  return undefined
}

function readAuthority (exchange: Exchange): ReasonCode | undefined {
  const value = exchange.authority ?? exchange.headers.host
  // Only HTTP/1.0 allows requests without a host (RFC 9112 §3.2).
  if (value === undefined) return exchange.httpVersion === '1.0' ? undefined : 'bad-host'
  exchange.host = readHost(value)
  return exchange.host === undefined || exchange.fields.only('host') === null ? 'bad-host' : undefined
}

/** The certificate of the client was verified by the rules of the host for which the connection was opened (RFC 9110 §15.5.20). */
function misdirected ({ client: { tls }, host }: Exchange): ReasonCode | undefined {
  return tls === undefined || tls.admits(host ?? '') ? undefined : 'misdirected-request'
}

function looped (exchange: Exchange, name: string): ReasonCode | undefined {
  const { via } = exchange.headers
  return via !== undefined && hasVia(via, name) >= mostPasses ? 'loop' : undefined
}

function hasUnderscore (fields: readonly string[]): boolean {
  return fields.some((name, index) => index % 2 === 0 && name.includes('_'))
}

export default fp(requestGuard, { name: 'request-guard', fastify: '5.x' })
