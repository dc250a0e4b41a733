/** Retries of an upstream: what is repeated, how often, and what they may cost. */

/** Times in milliseconds. */
export interface BackoffRules {
  /** The longest wait before the second attempt, doubled for each further one. */
  readonly base: number
  /** The longest wait before any attempt. */
  readonly max: number
}

/** Limits the extra attempts of an upstream. */
export interface AttemptBudget {
  /** A first attempt begins. `now` is the gateway's monotonic clock. */
  begin (now: number): void
  /** Its exchange is over. */
  end (): void
  /** Takes an extra attempt. Returns whether it is granted; a granted one must be given back with `release`. */
  take (): boolean
  /** An extra attempt is over. */
  release (): void
  /** For the admin page. */
  readonly state: { readonly first: number, readonly extra: number, readonly saved: number }
}

/** How failed attempts at an upstream are repeated. */
export interface Retries {
  readonly attempts: number
  /** Codes of failures that are retried. */
  readonly failures: ReadonlySet<string>
  readonly statuses: ReadonlySet<number>
  /** Statuses of gRPC responses without messages. */
  readonly grpcStatuses: ReadonlySet<number>
  readonly methods: ReadonlySet<string>
  /**
   * The largest body that is read completely before it is sent, in bytes. A fallback may have to send it, so it is the largest value of the
   * upstream and its fallbacks.
   */
  readonly bufferBody: number
  readonly backoff: BackoffRules
  /** The longest Retry-After that is respected, in milliseconds. */
  readonly retryAfter: number
  readonly budget: AttemptBudget
  /** Milliseconds without a response after which a second attempt is sent; undefined for never, or not yet known. */
  hedgeAfter (): number | undefined
}
