/** The connection cap of a target: a gate that closes when every place is taken and the queue for them is full. */

import type { Gate, Threads, Upstream } from '../../../src/index.ts'

/** Bounds what may be open or waiting at each target of an upstream, in all threads together and in this one. */
export function addCapGate (upstream: Upstream, { count }: Pick<Threads, 'count'>): void {
  const { config: { protocol, connections: { max, pending } } } = upstream
  upstream.addGate(({ load, transport }): Gate => {
    const here = (): number => transport === undefined ? max : transport.capacity
    // With HTTP/2 it depends on how many streams the target allows.
    const most = (): number => (protocol === 'http1' ? max : here() * count) + pending
    // With one thread both bounds are the same.
    const permits = count === 1
      ? (): boolean => load.active < here() + pending
      : (): boolean => load.active < most() && load.here < here() + pending
    return {
      name: 'connections',
      momentary: true,
      permits,
      describe: () => ({ state: permits() ? 'open' : 'full', why: `${load.active} of ${most()} places taken` })
    }
  })
}
