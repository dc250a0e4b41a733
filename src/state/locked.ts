/** Steps that no other thread comes between. */

import type { Lock } from '../contract/state.ts'

/** Calls `step` with a lock, and returns what it returns. Not for what every request does, because of the closure. */
export function locked<T> (lock: Lock, step: () => T): T {
  lock.acquire()
  try {
    return step()
  } finally {
    lock.release()
  }
}
