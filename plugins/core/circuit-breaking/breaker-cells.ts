/** The state of a breaker as numbers. */

import { consecutiveCells } from './consecutive-failures.ts'
import { rateCells } from './rates.ts'

/** The names of the states. State keeps the position. */
export const kinds = ['closed', 'open', 'half-open'] as const
export type BreakerStateName = typeof kinds[number]

/** Their positions. */
export const phases = { closed: 0, open: 1, halfOpen: 2 } as const

/** Positions of the cells. Those of the consecutive failures and of the rates follow. */
export const layout = {
  /** Position in `kinds`. */
  kind: 0,
  /** The ticket whose reports count. */
  ticket: 1,
  /** When an open breaker admits the next request. */
  until: 2,
  /** How often it has opened since it was last closed. */
  times: 3,
  /** Probes that were admitted, those of them that were good, and when the pending ones are given up. */
  taken: 4,
  passed: 5,
  forgottenAt: 6,
  /** What opened it last: position in `tripReasons`, the requests at fault, the requests they are a part of, and the last cause. */
  reason: 7,
  part: 8,
  all: 9,
  cause: 10,
  /** When it came into its state; 0 for one that has always been closed. */
  since: 11
} as const
/** Where the cells of the consecutive failures and of the rates begin. */
export const rowAt = 12
export const ratesAt = rowAt + consecutiveCells

/** The ticket of a request that the breaker did not admit. No state issues it. */
export const strayTicket = 0

/** The cells of a closed breaker. */
export const breakerCells: readonly number[] = Array.from(
  { length: ratesAt + rateCells },
  (_, at) => at === layout.ticket ? strayTicket + 1 : 0
)
