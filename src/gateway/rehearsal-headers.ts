/** The header fields with which a request is rehearsed. */

import type { RehearsalRequest } from '../contract/rehearsal.ts'
import { webSocketVersion } from '../http/websocket.ts'

/** Those of the request, a Host, and an empty User-Agent where it has none: injection would add its own. */
export function rehearsalHeaders ({ url, headers }: RehearsalRequest): Readonly<Record<string, string>> {
  const host = url.startsWith('/') ? undefined : URL.parse(url)?.host
  return { host: host ?? 'localhost', 'user-agent': '', ...headers, ...handshakeOf(headers) }
}

/** A WebSocket may be asked for with the Upgrade field alone: all else of its handshake is the same for every one. */
function handshakeOf (headers: RehearsalRequest['headers'] = {}): Readonly<Record<string, string>> {
  const asks = Object.entries(headers).some(([name, value]) => name.toLowerCase() === 'upgrade' && value.toLowerCase() === 'websocket')
  return asks ? { connection: 'Upgrade', 'sec-websocket-version': webSocketVersion, 'sec-websocket-key': `${'A'.repeat(22)}==` } : {}
}
