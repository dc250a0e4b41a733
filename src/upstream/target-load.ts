/** The load of a target. It lives in a lease, so that a reload forgets no attempt. */

import type { Reason } from '../contract/errors.ts'
import type { DialFailure, ReachListener, TargetLoad } from '../contract/target.ts'

export class LeasedLoad implements TargetLoad {
  active = 0
  opened = 0
  openedAt: number
  closed = false
  failure: DialFailure | undefined
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
    // Errors of this machine say nothing about the target.
    if (reason.fault !== 'upstream' || opened < this.opened) return
    const first = this.failure === undefined
    this.failure = { at: now, why: reason.code }
    if (first) this.listener?.(this.failure)
  }

  reached (): void {
    if (this.failure === undefined) return
    this.failure = undefined
    this.listener?.(undefined)
  }

  /** For rehearsals: changes are not reported. */
  copy (): LeasedLoad {
    const copy = new LeasedLoad(this.openedAt)
    copy.active = this.active
    copy.opened = this.opened
    copy.closed = this.closed
    copy.failure = this.failure
    return copy
  }
}
