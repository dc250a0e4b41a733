/** Decides which rejections of a policy in report mode are logged: at most one in a second, of all threads together. */

import type { Holder } from '../../../src/index.ts'

/** Milliseconds between two lines. */
const reportEvery = 1000

/** Cells: when the next line may be written, and the rejections since the last one. */
const nextAt = 0
const count = 1

/**
 * Returns a function that notes a rejection at `now`. It returns how many there were since the last line, when one is due; otherwise
 * undefined.
 */
export function createReportLines ({ state, lock }: Pick<Holder, 'state' | 'lock'>, policy: string): (now: number) => number | undefined {
  const identity = { kind: 'rate-limiting-report', key: policy }
  const cells = state({ ...identity, cells: [-Infinity, 0] })
  const turn = lock(identity)
  return now => {
    turn.acquire()
    try {
      const counted = cells[count]! + 1
      const due = now >= cells[nextAt]!
      cells[count] = due ? 0 : counted
      if (due) cells[nextAt] = now + reportEvery
      return due ? counted : undefined
    } finally {
      turn.release()
    }
  }
}
