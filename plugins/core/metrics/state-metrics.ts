/** Gauges that are read from the gateway's state at a scrape. */

import { type GatewayApi, linesLost, version } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'

/** Returns the function that fills the gauges. */
export function stateMetrics (instruments: Instruments, { control, upstreams, buffers }: GatewayApi): () => void {
  const requests = instruments.gauge({ name: 'gateway_requests_in_flight', help: 'Requests whose response has not ended.' })
  const webSockets = instruments.gauge({ name: 'gateway_websockets_open', help: 'Open WebSockets, which are no requests in flight.' })
  const buffered = instruments.gauge({
    name: 'gateway_buffered_bytes',
    help: 'Memory of request bodies that are read ahead or whole; `server.limits.buffers` is the most.'
  })
  const connections = instruments.gauge({
    name: 'gateway_active_connections',
    help: 'Attempts under way at a target.',
    labelNames: ['backend']
  })
  const opened = instruments.seriesCounter(
    'gateway_upstream_connections_opened_total',
    'Connections made to a target; attempts beyond that number used one that was there.'
  )
  const clients = instruments.gauge({
    name: 'gateway_client_connections',
    help: 'Connections of clients; those that are being closed while their clients still send are `lingering`.',
    labelNames: ['listener', 'state']
  })
  const mostClients = instruments.gauge({
    name: 'gateway_client_connections_limit',
    help: 'How many there may be.',
    labelNames: ['listener']
  })
  const generation = instruments.gauge({ name: 'gateway_generation', help: 'Counts up with every configuration that took over.' })
  const loaded = instruments.gauge({
    name: 'gateway_config_last_reload_success_timestamp_seconds',
    help: 'When the current configuration took over, seconds since 1970.'
  })
  const successful = instruments.gauge({
    name: 'gateway_config_last_reload_successful',
    help: '1 when the last configuration that was loaded took over, 0 when it was refused.'
  })
  const build = instruments.gauge({
    name: 'gateway_build_info',
    help: 'Always 1; the labels say what is running.',
    labelNames: ['version', 'node']
  })
  const reloads = instruments.seriesCounter(
    'gateway_config_reloads_total',
    'Configurations that were loaded, the first one included, by what became of them.'
  )
  const lost = instruments.seriesCounter(
    'gateway_log_lines_dropped_total',
    'Lines of the log that standard output did not take, because its reader was behind or gone.'
  ).at({})
  build.set({ version, node: process.version }, 1)

  return () => {
    requests.set(control.inFlight)
    webSockets.set(control.tunnels)
    buffered.set(buffers.used)
    for (const [listener, { open, lingering, most }] of Object.entries(control.connections)) {
      clients.set({ listener, state: 'open' }, open - lingering)
      clients.set({ listener, state: 'lingering' }, lingering)
      mostClients.set({ listener }, most)
    }
    generation.set(control.generation)
    lost.value = linesLost()
    loaded.set(control.loadedAt / 1000)
    successful.set(control.refused === undefined ? 1 : 0)
    for (const result of ['ok', 'refused'] as const) reloads.at({ result }).value = control.reloads[result]
    // Removes targets of earlier configurations. Two upstreams may share a target.
    connections.reset()
    for (const { targets } of upstreams.values()) {
      for (const { url, upstream, load } of targets) {
        connections.inc({ backend: url }, load.active)
        opened.at({ upstream: upstream.name, target: url }).value = load.opened
      }
    }
  }
}
