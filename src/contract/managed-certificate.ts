/** A certificate that the gateway requests and renews itself, as operators see it. */

/** Times in milliseconds since 1970. */
export interface ManagedCertificate {
  readonly hosts: readonly string[]
  /** URL of the directory that issues it. */
  readonly directory: string
  /** Undefined while there is none yet. */
  readonly validUntil: number | undefined
  /** When the next one is requested, as far as is known; 0 before the first look. */
  readonly nextRequest: number
  /** How often the request for it has failed in a row, and why the last time. */
  readonly failures: number
  readonly lastFailure: string | undefined
}
