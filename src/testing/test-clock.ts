/** A clock that stands still until a test advances it. */

import { parseDuration } from '../config/schema/quantity.ts'
import type { Clock } from '../contract/clock.ts'

/**
 * The time of a gateway under test: what compares times sees it, such as limits, breakers, caches and the dates of tokens. What waits, such
 * as a timeout or the interval of a health check, waits in real time.
 */
export interface TestClock extends Clock {
  /** Moves the time forward, by milliseconds or by a text such as `30s`. */
  advance (time: number | string): void
}

/** Creates a clock. @param wall what it shows first, by default the current date */
export function testClock (wall: Date = new Date()): TestClock {
  let passed = 0
  const begun = wall.getTime()
  return {
    now: () => passed,
    wall: () => begun + passed,
    advance (time) {
      const milliseconds = typeof time === 'number' ? time : parseDuration(time)
      if (milliseconds === undefined || !(milliseconds >= 0)) throw new TypeError(`expected a duration such as 30s, got ${time}`)
      passed += milliseconds
    }
  }
}
