/** Closes a gateway in stages: clients first, then the admin listener, then the generations. */

import type { EventFact } from '../contract/events.ts'
import { patiently } from '../scheduling/patient-timer.ts'
import { drain, farewell } from './draining.ts'
import type { GatewayListeners } from './gateway-listeners.ts'
import type { Generations } from './generations.ts'

/** What is closed. */
export interface Closing {
  readonly listeners: GatewayListeners
  readonly generations: Generations
  readonly events: { emit (fact: EventFact): void }
}

/** Waits up to `timeout` milliseconds for requests in flight, and cuts the rest. Resolves with the number of requests that were cut. */
export async function closeInStages ({ listeners, generations, events }: Closing, timeout: number): Promise<number> {
  const endsAt = performance.now() + timeout
  const closed = listeners.closePublic()
  generations.endConnections()
  let cut = await drain(generations, timeout)
  // A response that had begun before could not carry `connection: close`.
  setImmediate(() => listeners.closeIdle())
  const deadline = patiently(Math.max(0, endsAt - performance.now()), () => {
    // Requests that arrived meanwhile on open connections.
    cut += generations.cut()
    listeners.destroyClients()
  })
  await closed
  deadline.clear()
  // Each request writes its access log line shortly after its connection is closed.
  cut += await drain(generations, farewell)
  if (cut > 0) events.emit({ type: 'requests-cut', cut })
  await listeners.closeAdmin()
  await generations.close()
  return cut
}
