/** Accepts the WebSocket of a client, once a target has. */

import type { Exchange } from '../../contract/exchange.ts'
import type { TunnelLimits } from '../../contract/tunnel.ts'
import { kernelSideOf } from '../../exchange/exchange.ts'

/**
 * Accepts the WebSocket of an exchange whose response has a `tunnel`, and passes bytes on in both directions from now on.
 * @param fields header fields for the client
 * @throws the error of a field that cannot be sent
 */
export function openTunnel (exchange: Exchange, fields: Readonly<Record<string, string | readonly string[]>>, limits: TunnelLimits): void {
  const kernel = kernelSideOf(exchange)
  const client = exchange.raw.tunnel!.accept(fields)
  kernel.tunnel = kernel.tunnels.open(exchange, client, exchange.response!.tunnel!, limits)
}
