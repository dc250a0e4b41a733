/** Drains requests in flight: waits for them, and cuts those that take too long. */

import { patiently } from '../scheduling/patient-timer.ts'

/** How long requests that were cut have to write their access log line, in milliseconds. */
export const farewell = 1000

/** What can be drained. */
export interface Draining {
  /** Resolves when no request is in flight. */
  drained (): Promise<void>
  /** Cuts the requests in flight and returns how many they were. */
  cut (): number
}

/**
 * Resolves when no request is in flight, with the number of requests that were cut after `timeout` milliseconds. After a pause of this
 * process, responses that have already arrived are read first.
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
