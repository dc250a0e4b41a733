/** Why a probe failed, as a number, so that state can keep it. Statuses and reasons have the numbers of `causeOf`. */

import { describeCause } from '../../../src/index.ts'
import { formatDuration } from '../../../src/config/index.ts'

/** Causes that only probes have. They are negative. */
export const probeCauses = { noAnswer: -1, noConnection: -2, textMissing: -3, stopped: -4, notServing: -5 } as const

/**
 * In words.
 * @param timeout of the probe, in milliseconds
 */
export function describeProbeCause (cause: number, timeout: number): string {
  switch (cause) {
    case probeCauses.noAnswer: return `no response within ${formatDuration(timeout)}`
    case probeCauses.noConnection: return `no connection within ${formatDuration(timeout)}`
    case probeCauses.textMissing: return 'the expected text is not in the response'
    case probeCauses.notServing: return 'the service says that it is not serving'
    case probeCauses.stopped: return 'stopped'
    default: return describeCause(cause)
  }
}
