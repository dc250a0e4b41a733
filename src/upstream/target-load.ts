/** What is open at a target right now, and what the last connections to it say. Lives in a lease: a reload forgets no attempt. */

import type { Reason } from '../contract/errors.ts'

/** No connection could be made, and none has been made since. */
export interface DialFailure {
  /** Monotonic milliseconds. */
  readonly at: number
  /** Code of the reason. */
  readonly why: string
}

/** Told when a target cannot be reached any more, with why, and when it can again. */
export type ReachListener = (failure: DialFailure | undefined) => void

export class TargetLoad {
  /** Attempts entered and not yet settled, streams included. */
  active = 0
  /** Connections made to it so far; attempts beyond that number used one that was there. */
  opened = 0
  /** When it joined a running upstream, or opened after a gate had closed it; -Infinity for one that was there from the start. Monotonic milliseconds. */
  openedAt: number
  /** Whether a gate was closed when it was last looked at. */
  closed = false
  /** Set while the last connection that was tried failed. */
  failure: DialFailure | undefined
  /** The newest generation listens. */
  listener: ReachListener | undefined

  constructor (openedAt = -Infinity) {
    this.openedAt = openedAt
  }

  /** A connection was opened. */
  connected (): void {
    this.opened++
    this.reached()
  }

  /** No connection could be made; `opened` is how many there had been when it was begun: one that was opened since proves more. */
  failed (reason: Reason, opened: number, now: number): void {
    // What this machine lacks says nothing about the target.
    if (reason.fault !== 'upstream' || opened < this.opened) return
    const first = this.failure === undefined
    this.failure = { at: now, why: reason.code }
    if (first) this.listener?.(this.failure)
  }

  /** It has shown that it is there. */
  reached (): void {
    if (this.failure === undefined) return
    this.failure = undefined
    this.listener?.(undefined)
  }

  /** For rehearsals: nobody hears of what becomes of it. */
  copy (): TargetLoad {
    const copy = new TargetLoad(this.openedAt)
    copy.active = this.active
    copy.opened = this.opened
    copy.closed = this.closed
    copy.failure = this.failure
    return copy
  }
}
