/** Attempts of an exchange that are planned and not yet sent: the hedge, and one that waits for its back-off. */

import type { Attempt } from '../../contract/target.ts'

export class PlannedAttempts {
  #hedge: NodeJS.Timeout | undefined
  #timer: NodeJS.Timeout | undefined
  #waiting: Attempt | undefined

  /** Calls `send` when the first attempt has been without a response for so many milliseconds. */
  hedge (after: number, send: () => void): void {
    this.#hedge = setTimeout(send, after)
  }

  /** Calls `send` with the attempt after its back-off, in milliseconds. */
  wait (attempt: Attempt, backoff: number, send: (attempt: Attempt) => void): void {
    this.#waiting = attempt
    this.#timer = setTimeout(() => {
      this.#waiting = undefined
      send(attempt)
    }, backoff)
  }

  /** Cancels everything. Returns the attempt that was selected and will not be sent. */
  cancel (): Attempt | undefined {
    clearTimeout(this.#hedge)
    clearTimeout(this.#timer)
    return this.#waiting
  }
}
