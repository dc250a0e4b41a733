/** Counts the TLS handshakes of some listeners. */

import type { HandshakeFailure } from './handshake-failure.ts'

export class HandshakeCounter {
  underWay = 0
  full = 0
  resumed = 0
  readonly failed: Partial<Record<HandshakeFailure, number>> = {}

  begin (): void {
    this.underWay++
  }

  succeed (isResumed: boolean): void {
    this.underWay--
    if (isResumed) this.resumed++
    else this.full++
  }

  fail (reason: HandshakeFailure): void {
    this.underWay--
    this.failed[reason] = (this.failed[reason] ?? 0) + 1
  }
}
