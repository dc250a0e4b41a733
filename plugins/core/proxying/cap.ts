/** The connection cap of a target: a gate that closes when every place is taken and the queue for them is full. */

import type { Gate, Upstream } from '../../../src/index.ts'

/** Bounds what may be open or waiting at each target of an upstream. */
export function addCapGate (upstream: Upstream): void {
  const { max, pending } = upstream.config.connections
  upstream.addGate(({ load, transport }): Gate => {
    // With HTTP/2 it depends on how many streams the target allows.
    const most = (): number => (transport === undefined ? max : transport.capacity) + pending
    return {
      name: 'connections',
      momentary: true,
      permits: () => load.active < most(),
      describe: () => ({ state: load.active < most() ? 'open' : 'full', why: `${load.active} of ${most()} places taken` })
    }
  })
}
