/** Which WebSockets of a route are let through, and what limits them. */

import { compileKey, type Exchange, type GatewayApi, GatewayError, type Route, type TunnelLimits } from '../../../src/index.ts'
import { compileOrigins } from '../../../src/http/index.ts'
import type { WebSocketRules } from './websocket-options.ts'

/** Decides about a request for a WebSocket. @throws GatewayError where it is refused */
export type Admit = (exchange: Exchange) => void

/** Compiles `websocket` of a route. */
export function compileAdmission ({ config: { websocket }, name }: Route, gateway: GatewayApi): Admit {
  if (websocket === false) return refuse
  const checkOrigin = compileOriginCheck(websocket)
  const count = compileCount(websocket, name, gateway)
  return exchange => {
    if (gateway.control.draining) throw new GatewayError('shutting-down')
    checkOrigin(exchange)
    count(exchange)
    exchange.decisions?.push({ by: 'proxying', verdict: 'tunnel', why: 'a WebSocket, if the target accepts it' })
  }
}

/** The limits of the WebSockets of a route. */
export function tunnelLimits ({ config: { websocket } }: Route): TunnelLimits | undefined {
  if (websocket === false) return undefined
  const { idle, messageIdle, maxAge, maxMessage = Infinity, messagesPerSecond = Infinity } = websocket
  return { idle, messageIdle, maxAge, maxMessage, messagesPerSecond }
}

function refuse (): never {
  throw new GatewayError('websocket-refused')
}

/** A browser always sends Origin with a handshake (RFC 6455 §4.1). Without the check any page could use the cookies of its reader. */
function compileOriginCheck ({ origins }: WebSocketRules): Admit {
  if (origins === undefined) return () => {}
  const allows = compileOrigins(origins)
  return ({ headers: { origin } }) => {
    if (origin !== undefined && !allows(origin)) throw new GatewayError('origin-refused')
  }
}

/** Counts the open WebSockets of each client; reloads keep the counts. */
function compileCount ({ perClient }: WebSocketRules, route: string, gateway: GatewayApi): Admit {
  if (perClient === undefined) return () => {}
  const { limit } = perClient
  const key = compileKey(perClient.key)
  const counts = gateway.resource({ kind: 'websockets', key: route, options: perClient.key, create: () => new Map<string, number>() })
  return exchange => {
    const client = key.read(exchange)
    const open = counts.get(client) ?? 0
    exchange.decisions?.push({
      by: 'proxying',
      verdict: open < limit ? 'allowed' : 'refused',
      why: `${open} of ${limit} WebSockets of ${key.describe(exchange)} are open`
    })
    if (open >= limit) throw new GatewayError('too-many-websockets')
    if (gateway.rehearsal) return
    counts.set(client, open + 1)
    exchange.onClose(() => {
      const left = counts.get(client)! - 1
      if (left === 0) counts.delete(client)
      else counts.set(client, left)
    })
  }
}
