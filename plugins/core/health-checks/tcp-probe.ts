/** A probe that only opens a connection, for services without a health path. */

import { connect } from 'node:net'
import { type NameLookup, patiently } from '../../../src/index.ts'
import { failedBy, type ProbeResult } from './probe.ts'
import { probeCauses } from './probe-cause.ts'

/** Passes when the connection is accepted; it is closed again at once, without a TLS handshake. Never throws. */
export async function tcpProbe (
  { origin, timeout, names }: { readonly origin: string, readonly timeout: number, readonly names: NameLookup },
  signal: AbortSignal
): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const { hostname, port, protocol } = new URL(origin)
  const socket = connect({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (protocol === 'https:' ? 443 : 80)),
    lookup: names.lookup
  })
  const timer = patiently(timeout, () => end({ failure: probeCauses.noConnection })).unref()
  signal.addEventListener('abort', stop)
  socket.once('connect', () => end({ failure: undefined }))
  socket.on('error', error => {
    names.doubt(hostname)
    end(failedBy(error))
  })
  return await promise

  function stop (): void {
    end({ failure: probeCauses.stopped })
  }

  function end (result: ProbeResult): void {
    timer.clear()
    signal.removeEventListener('abort', stop)
    resolve(result)
    socket.destroy()
  }
}
