/** Gauges of the certificates that the gateway requests itself. */

import type { GatewayApi } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'

/** Returns the function that fills the gauges; undefined where no certificates are requested. */
export function acmeMetrics (
  instruments: Instruments,
  gateway: Pick<GatewayApi, 'managedCertificates'>
): (() => void) | undefined {
  if (gateway.managedCertificates().length === 0) return undefined
  const failures = instruments.gauge({
    name: 'gateway_acme_failures',
    help: 'How often the request for a certificate has failed in a row; `host` is the first one of the certificate.',
    labelNames: ['host']
  })
  const next = instruments.gauge({
    name: 'gateway_acme_next_request_timestamp_seconds',
    help: 'When a certificate is renewed, or requested again after a failure, seconds since 1970.',
    labelNames: ['host']
  })
  return () => {
    failures.reset()
    next.reset()
    for (const { hosts: [host = ''], failures: count, nextRequest } of gateway.managedCertificates()) {
      failures.set({ host }, count)
      next.set({ host }, Math.round(nextRequest / 1000))
    }
  }
}
