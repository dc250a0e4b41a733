/** Resources: objects that outlive a generation and belong to one thread, such as connections, keys, open files and caches. */

import type { Identity } from './state.ts'

/**
 * Says what a resource is and how it is made. A rehearsal gets the resource of the gateway and must not change it. Where the gateway has
 * none, the rehearsal makes its own, and closes it.
 */
export interface ResourceDefinition<T> extends Identity {
  /**
   * Makes the resource. It starts nothing by itself: what runs is a task. What the resource keeps of the generation that
   * takes it first stays alive and in use over all later generations. So it keeps only the clock, the random numbers,
   * the events, state and other resources. What changes with a generation, such as its log, is given to the resource
   * after each call.
   */
  create (): T
  /** Called once, when the last holder has let go: that of the last holder, so it must need nothing but the resource. */
  close? (resource: T): void | Promise<void>
}
