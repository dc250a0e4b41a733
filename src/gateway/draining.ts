/** The end of requests in flight: they get their time, then they are cut. */

import { patiently } from '../scheduling/patient-timer.ts'

/** How long requests that were cut get to write their line, in milliseconds. */
export const farewell = 1000

/** What requests are served by. */
export interface Draining {
  /** Resolves when no request is in flight. */
  drained (): Promise<void>
  /** Cuts those in flight and returns how many they were. */
  cut (): number
}

/**
 * Resolves when no request is in flight, with the number of those that had to be cut for it after `timeout` milliseconds. A response that has come while
 * this process was held up is read first.
 */
export async function drain (requests: Draining, timeout: number): Promise<number> {
  const { promise: over, resolve: giveUp } = Promise.withResolvers<void>()
  let cut = 0
  let last: NodeJS.Timeout | undefined
  const timer = patiently(timeout, () => {
    cut = requests.cut()
    last = setTimeout(giveUp, farewell)
  })
  await Promise.race([requests.drained(), over])
  timer.clear()
  clearTimeout(last)
  return cut
}
