/** A breaker in words. */

import { kinds, layout, phases, type BreakerStateName } from './breaker-cells.ts'
import type { ConsecutiveFailures } from './consecutive-failures.ts'
import { describeTrip, tripReasons, type TripReason } from './trip.ts'

/** What a person sees of a breaker. */
export interface BreakerDescription {
  readonly state: BreakerStateName
  readonly why?: string
  /** When it came into this state; undefined for one that has always been closed. */
  readonly since?: number
  /** When it admits a request, if known. */
  readonly opensAt?: number
}

/** What the words depend on beside the cells. */
interface Circumstances {
  readonly row: ConsecutiveFailures
  /** Length of the window for the shares, in milliseconds. */
  readonly window: number
  /** Whether it admits a request now. */
  readonly permits: boolean
  readonly now: number
}

const cell = layout
const tryNext = 'the next request tries the target'

/** Describes the state that cells hold as of `now`. */
export function describeBreaker (cells: Float64Array, { row, window, permits, now }: Circumstances): BreakerDescription {
  const words = (reason: TripReason, part: number, all: number, cause: number): string => {
    return describeTrip({ reason, part, all, cause, window })
  }
  const since = cells[cell.since]!
  if (cells[cell.kind] === phases.closed) {
    const failures = row.count === 0 ? {} : { why: words('failures', row.count, 0, row.cause) }
    return { state: 'closed', ...failures, ...since === 0 ? {} : { since } }
  }
  if (cells[cell.kind] === phases.halfOpen) {
    return { state: 'half-open', why: permits ? tryNext : onTheirWay(cells[cell.taken]! - cells[cell.passed]!), since }
  }
  if (now >= cells[cell.until]!) return { state: 'half-open', why: tryNext, since: cells[cell.until]! }
  const why = words(tripReasons[cells[cell.reason]!]!, cells[cell.part]!, cells[cell.all]!, cells[cell.cause]!)
  return { state: kinds[phases.open], why, since, opensAt: cells[cell.until]! }
}

function onTheirWay (waiting: number): string {
  return waiting === 1 ? 'one request is on its way to try the target' : `${waiting} requests are on their way to try the target`
}
