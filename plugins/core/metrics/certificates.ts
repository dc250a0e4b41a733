/** Gauge of the expiry of configured certificates. */

import { X509Certificate } from 'node:crypto'
import type { UpstreamConfig } from '../../../src/index.ts'
import type { Instruments } from './instruments.ts'

const block = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The earliest expiry among the certificates of a PEM text, in seconds since 1970; undefined where none can be read. */
export function earliestExpiry (pem: string): number | undefined {
  const ends = [...pem.matchAll(block)].flatMap(([certificate]) => {
    try {
      return [Date.parse(new X509Certificate(certificate).validTo) / 1000]
    } catch {
      // An unreadable certificate is reported by TLS itself.
      return []
    }
  })
  return ends.length === 0 ? undefined : Math.min(...ends)
}

/** Returns the function that fills the gauge; undefined where no upstream has certificates of its own. */
export function certificateMetrics (
  instruments: Instruments,
  upstreams: Iterable<{ readonly name: string, readonly config: Pick<UpstreamConfig, 'tls'> }>
): (() => void) | undefined {
  const found = [...upstreams].flatMap(({ name, config: { tls: { cert, ca } } }) => [
    { upstream: name, certificate: 'client', expiry: cert === undefined ? undefined : earliestExpiry(cert) },
    { upstream: name, certificate: 'authority', expiry: ca === undefined ? undefined : earliestExpiry(ca) }
  ]).filter(({ expiry }) => expiry !== undefined)
  if (found.length === 0) return undefined
  const gauge = instruments.gauge({
    name: 'gateway_tls_certificate_expiry_timestamp_seconds',
    help: 'When the first certificate that an upstream is configured with expires, seconds since 1970.',
    labelNames: ['upstream', 'certificate']
  })
  return () => {
    gauge.reset()
    for (const { expiry, ...labels } of found) gauge.set(labels, expiry!)
  }
}
