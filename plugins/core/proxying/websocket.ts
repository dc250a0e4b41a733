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

/** The most clients that are told from each other. Further ones share one count. */
const mostClients = 100_000

/** Counts the open WebSockets of each client, in all threads; reloads keep the counts. */
function compileCount ({ perClient }: WebSocketRules, route: string, gateway: GatewayApi): Admit {
  if (perClient === undefined) return () => {}
  const { limit } = perClient
  const key = compileKey(perClient.key)
  const counts = gateway.counts({ kind: 'websockets', key: route, options: perClient.key, keys: mostClients })
  return exchange => {
    const client = key.read(exchange)
    if (exchange.decisions !== undefined) {
      const open = counts.of(client)
      const why = `${open} of ${limit} WebSockets of ${key.describe(exchange)} are open`
      exchange.decisions.push({ by: 'proxying', verdict: open < limit ? 'allowed' : 'refused', why })
    }
    const counted = counts.enter(client, limit)
    if (counted === undefined) throw new GatewayError('too-many-websockets')
    exchange.onClose(() => counts.leave(counted))
  }
}
