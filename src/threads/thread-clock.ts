/** The clock of a data thread: the same monotonic times as in the control thread. */

import type { Clock } from '../contract/clock.ts'

/** What the clocks of all threads refer to: the time of `process.hrtime` at which the clock of the control thread was 0, in nanoseconds. */
export function clockOrigin (): bigint {
  return process.hrtime.bigint() - BigInt(Math.round(performance.now() * 1e6))
}

/** A clock whose times can be compared with those of the thread that has given `origin`. `performance.now()` begins anew in each thread. */
export function threadClock (origin: bigint): Clock {
  const ahead = Number(clockOrigin() - origin) / 1e6
  return { now: () => performance.now() + ahead, wall: () => Date.now() }
}
