/** Metrics of TLS on the listeners: handshakes, and when certificates expire. */

import type { GatewayApi } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'

/** Returns the function that fills in when certificates expire. Without TLS there are no series. */
export function certificateExpiry (instruments: Instruments, { control }: Pick<GatewayApi, 'control'>): () => void {
  const expiry = instruments.gauge({
    name: 'gateway_tls_server_certificate_expiry_timestamp_seconds',
    help: 'When the certificate that a listener has for a host expires, seconds since 1970.',
    labelNames: ['listener', 'host'],
    aggregator: 'min'
  })
  return () => {
    expiry.reset()
    for (const { listener, hosts, to } of control.certificates) for (const host of hosts) expiry.set({ listener, host }, to / 1000)
  }
}

/** Returns the function that fills in the handshakes of the listeners of this thread. Without TLS there are no series. */
export function handshakeMetrics (instruments: Instruments, { control }: Pick<GatewayApi, 'control'>): () => void {
  const underWay = instruments.gauge({ name: 'gateway_tls_handshakes_in_progress', help: 'TLS handshakes of clients under way.' })
  const complete = instruments.seriesCounter(
    'gateway_tls_handshakes_total',
    'TLS handshakes of clients that were completed; those of clients that came back are `resumed`.'
  )
  const failed = instruments.seriesCounter('gateway_tls_handshake_failures_total', 'TLS handshakes of clients that failed, by reason.')
  return () => {
    const { certificates, handshakes } = control
    if (handshakes.full + handshakes.resumed + handshakes.underWay + certificates.length === 0) return
    underWay.set(handshakes.underWay)
    complete.at({ kind: 'full' }).value = handshakes.full
    complete.at({ kind: 'resumed' }).value = handshakes.resumed
    for (const [reason, times] of Object.entries(handshakes.failed)) failed.at({ reason }).value = times
  }
}
