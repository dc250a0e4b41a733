/** Closes a gateway in stages: clients first, then the admin listener, then the generations. */

import type { EventFact } from '../contract/events.ts'
import { patiently } from '../scheduling/patient-timer.ts'
import { within } from '../scheduling/within.ts'
import { drain, farewell } from './draining.ts'
import type { GatewayListeners } from './gateway-listeners.ts'
import type { Generations } from './generations.ts'

/** How long a request may be on its way on a connection that looks idle, in milliseconds. */
const crossing = 100

/** What serves clients in this thread. */
export interface Clients {
  readonly listeners: GatewayListeners
  readonly generations: Generations
}

/** What is closed. */
export interface Closing extends Clients {
  readonly events: { emit (fact: EventFact): void }
  /** The threads that serve the clients; undefined where this one does. */
  readonly threads: { close (timeout: number): Promise<number> } | undefined
}

/** Waits up to `timeout` milliseconds for requests in flight, and cuts the rest. Resolves with the number of requests that were cut. */
export async function closeInStages ({ threads, events, ...clients }: Closing, timeout: number): Promise<number> {
  const cut = await (threads === undefined ? closeClients(clients, timeout) : threads.close(timeout))
  if (cut > 0) events.emit({ type: 'requests-cut', cut })
  await clients.listeners.closeAdmin()
  await clients.generations.close()
  return cut
}

/** The same for the clients of this thread alone: the generations stay. */
export async function closeClients ({ listeners, generations }: Clients, timeout: number): Promise<number> {
  const endsAt = performance.now() + timeout
  const stopped = listeners.stopPublic()
  generations.endConnections()
  // A connection between two requests is not closed at once: the next one may be on its way. Its response closes the connection.
  await within(stopped, Math.min(crossing, timeout)).catch(() => {})
  const closed = listeners.closePublic()
  const left = (): number => Math.max(0, endsAt - performance.now())
  let cut = await drain(generations, left())
  // A response that had begun before could not carry `connection: close`.
  setImmediate(() => listeners.closeIdle())
  const deadline = patiently(left(), () => {
    // Requests that arrived meanwhile on open connections.
    cut += generations.cut()
    listeners.destroyClients()
  })
  await closed
  deadline.clear()
  // Each request writes its access log line shortly after its connection is closed.
  return cut + await drain(generations, farewell)
}
