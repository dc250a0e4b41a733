/** One probe that only opens a connection, for services that have no path to ask for. */

import { connect } from 'node:net'
import { formatDuration } from '../../src/config/units.ts'
import type { NameLookup } from '../../src/dns/names.ts'
import { classify } from '../../src/upstream/failure.ts'
import type { ProbeResult } from './probe.ts'

/** Passes when the connection is accepted; it is closed again at once, without a TLS handshake. Never throws. */
export async function tcpProbe ({ origin, timeout, names }: { readonly origin: string, readonly timeout: number, readonly names: NameLookup }, signal: AbortSignal): Promise<ProbeResult> {
  const { promise, resolve } = Promise.withResolvers<ProbeResult>()
  const { hostname, port, protocol } = new URL(origin)
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || (protocol === 'https:' ? 443 : 80)), lookup: names.lookup })
  const timer = setTimeout(() => end(`no connection within ${formatDuration(timeout)}`), timeout).unref()
  signal.addEventListener('abort', stop)
  socket.once('connect', () => end(undefined))
  socket.on('error', error => {
    names.doubt(hostname)
    end(classify(error).code)
  })
  return await promise

  function stop (): void {
    end('stopped')
  }

  function end (failure: string | undefined): void {
    clearTimeout(timer)
    signal.removeEventListener('abort', stop)
    resolve({ failure })
    socket.destroy()
  }
}
