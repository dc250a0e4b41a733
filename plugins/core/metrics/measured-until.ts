/** Until when the duration of a request is measured. */

import type { Exchange } from '../../../src/index.ts'

/** Until it ended; but a WebSocket until it was accepted, because it may last for days. */
export function measuredUntil ({ tunnel, attempt }: Exchange, now: number): number {
  return tunnel === undefined ? now : attempt?.answeredAt ?? now
}
