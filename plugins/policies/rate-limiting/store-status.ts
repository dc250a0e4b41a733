/** Whether the store of a policy responds, as all threads of the gateway see it, each through a connection of its own. */

import type { Count, Holder, Identity, Lock } from '../../../src/index.ts'

/** What a status needs of a holder. */
export type StatusHolder = Pick<Holder, 'state' | 'count' | 'lock'>

export class StoreStatus {
  /** 1 in its only cell: it was told that the store does not respond. */
  readonly #told: Float64Array
  /** The threads for which it does not respond. A thread that dies is removed. */
  readonly #down: Count
  readonly #lock: Lock
  #ownDown = false

  constructor (holder: StatusHolder, identity: Identity) {
    this.#told = holder.state({ ...identity, cells: 1 })
    this.#down = holder.count(identity)
    this.#lock = holder.lock(identity)
  }

  /**
   * Notes whether the store responds to this thread. Returns whether that is news of the gateway: that the store does not respond is news
   * for the first thread, that it does again for the last one.
   */
  note (responds: boolean): boolean {
    this.#lock.acquire()
    try {
      this.#setOwn(!responds)
      const before = this.#told[0] === 1
      const after = before ? !responds || this.#down.value > 0 : !responds
      this.#told[0] = after ? 1 : 0
      return after !== before
    } finally {
      this.#lock.release()
    }
  }

  /** This generation of this thread looks no longer. */
  leave (): void {
    this.#setOwn(false)
  }

  #setOwn (down: boolean): void {
    if (down !== this.#ownDown) this.#down.add(down ? 1 : -1)
    this.#ownDown = down
  }
}
