/** Knows when a certificate is due for renewal, and asks the directory about it from time to time. */

import type { X509Certificate } from 'node:crypto'
import type { RenewalInfo } from './renewal-info.ts'
import { lifetimeOf, lookAgainAfter, renewalTime } from './renewal-time.ts'

/** What a schedule works with. */
export interface RenewalScheduleOptions {
  /** Asks the directory when to renew. */
  readonly suggestion: (certificate: X509Certificate, signal: AbortSignal) => Promise<RenewalInfo | undefined>
  /** Milliseconds since 1970. */
  readonly now: () => number
  readonly random: () => number
}

export class RenewalSchedule {
  readonly #options: RenewalScheduleOptions
  #certificate: X509Certificate | undefined
  #fraction = 0
  #window: RenewalInfo | undefined
  #askAt = 0

  constructor (options: RenewalScheduleOptions) {
    this.#options = options
  }

  /** When the directory is asked again. */
  get askAt (): number {
    return this.#askAt
  }

  /** When the certificate should be renewed. */
  async dueAt (certificate: X509Certificate, signal: AbortSignal): Promise<number> {
    const { now, random, suggestion } = this.#options
    if (certificate !== this.#certificate) {
      this.#certificate = certificate
      this.#fraction = random()
      this.#window = undefined
      this.#askAt = 0
    }
    if (this.#askAt <= now()) {
      const info = await suggestion(certificate, signal).catch(() => undefined)
      signal.throwIfAborted()
      // Where there is none this time, the last one holds.
      this.#window = info ?? this.#window
      this.#askAt = now() + lookAgainAfter(info?.retryAfter)
    }
    return renewalTime({ lifetime: lifetimeOf(certificate), window: this.#window, fraction: this.#fraction })
  }
}
