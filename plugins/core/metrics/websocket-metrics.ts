/** Metrics of WebSockets that have ended. */

import type { Exchange, TunnelRecord } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'
import { none } from './request-metrics.ts'
import type { SeriesCounter } from './series.ts'

export class WebSocketMetrics {
  readonly #closed: SeriesCounter
  readonly #messages: SeriesCounter
  readonly #bytes: SeriesCounter

  constructor (instruments: Instruments) {
    this.#closed = instruments.seriesCounter(
      'gateway_websockets_closed_total',
      'WebSockets that have ended, by who closed them (client, upstream, gateway) and why.'
    )
    this.#messages = instruments.seriesCounter('gateway_websocket_messages_total', 'Messages of WebSockets that have ended.')
    this.#bytes = instruments.seriesCounter('gateway_websocket_bytes_total', 'Bytes of WebSockets that have ended, as they were sent.')
  }

  /** Counts an exchange that has ended, if it was a WebSocket. */
  end ({ tunnel, route, bytesIn, bytesOut }: Exchange): void {
    if (tunnel === undefined) return
    const name = route?.name ?? none
    this.#closed.at({ route: name, by: tunnel.closedBy ?? 'client', reason: reasonOf(tunnel) }).value++
    for (const [direction, messages, bytes] of [['in', tunnel.messagesIn, bytesIn], ['out', tunnel.messagesOut, bytesOut]] as const) {
      this.#messages.at({ route: name, direction }).value += messages
      this.#bytes.at({ route: name, direction }).value += bytes
    }
  }
}

/** A peer chooses its code, so a code is no label. */
function reasonOf ({ closing, closeCode = 1006 }: TunnelRecord): string {
  if (closing !== undefined) return closing
  if (closeCode === 1000 || closeCode === 1001 || closeCode === 1005) return 'normal'
  if (closeCode === 1006) return 'disconnected'
  return closeCode >= 3000 && closeCode < 5000 ? 'application' : 'error'
}
