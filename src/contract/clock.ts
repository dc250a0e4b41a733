/** Time and randomness as parameters, so that rehearsals and tests can provide their own. */

export interface Clock {
  /** Milliseconds of a clock that never jumps; for durations and windows. */
  now (): number
  /** Milliseconds since 1970; for what leaves the process, such as dates and token lifetimes. */
  wall (): number
}

/** The clock of the machine. */
export const systemClock: Clock = { now: () => performance.now(), wall: () => Date.now() }

/** Uniform in [0, 1). */
export type Random = () => number
