/** The trace context of the caller. */

/** The trace context of a caller: its place in a trace, only a sampling flag, or a place without one. */
export interface Caller {
  readonly traceId?: string
  readonly parentId?: string
  /** Undefined: the caller leaves it to us. */
  readonly flags: number | undefined
  readonly state?: string
}
