/** The connection cap of a target: a gate that closes when every connection is taken and the queue for them is full. */

import type { Gate, Upstream } from '../../../src/index.ts'

/** Bounds what may be open or waiting at each target of an upstream. */
export function addCapGate (upstream: Upstream): void {
  const { max, pending } = upstream.config.connections
  const most = max + pending
  upstream.addGate(({ load }): Gate => ({
    name: 'connections',
    momentary: true,
    permits: () => load.active < most,
    describe: () => ({ state: load.active < most ? 'open' : 'full', why: `${load.active} of ${most} places taken` })
  }))
}
