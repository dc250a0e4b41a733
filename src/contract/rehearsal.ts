/** A rehearsal: the request that is rehearsed, and what was found. */

/** A request to rehearse. */
export interface RehearsalRequest {
  readonly method: string
  /** Path with query, or an absolute URL whose host counts as Host. */
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Address of the client; 127.0.0.1 unless given. */
  readonly remoteAddress?: string
  /** The certificate of the client (PEM), which counts as trusted. Where it is given, the connection counts as TLS. */
  readonly certificate?: string
}

/** A route whose path fits, and why it won or lost. */
export interface Candidate {
  readonly route: string
  readonly verdict: 'chosen' | 'lost'
  readonly why: string
}

/** What a rehearsal found. */
export interface Rehearsal {
  readonly method: string
  readonly url: string
  readonly route: string | undefined
  /** All routes whose path fits, in order of precedence, and why each won or lost. */
  readonly candidates: readonly Candidate[]
  /** What each policy, gate and balancer decided, in order. */
  readonly decisions: readonly { readonly by: string, readonly verdict: string, readonly why: string }[]
  /**
   * The policies whose verdict a rehearsal cannot find out, in order. Where there is one, the outcome is that of a request which they
   * admit, and what follows them may depend on claims that are not known: it is not certain whether the request is admitted.
   */
  readonly unknown: readonly string[]
  /** The gateway's own response, or the request that it would send, and where. */
  readonly outcome: {
    readonly status: number,
    readonly code: string | undefined,
    /** The Location of a redirect. */
    readonly location: string | undefined,
    readonly upstream: string | undefined,
    readonly target: string | undefined,
    readonly forwards: { readonly method: string, readonly path: string, readonly headers: readonly string[] } | undefined
  }
}
