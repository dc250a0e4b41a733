/** Time that a test moves, for code that sleeps. */

import { setImmediate as tick } from 'node:timers/promises'

export class TestTime {
  #now = Date.now()
  readonly #sleepers = new Set<{ readonly at: number, readonly wake: () => void }>()

  readonly now = (): number => this.#now

  readonly sleep = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted()
    await new Promise<void>((resolve, reject) => {
      const sleeper = { at: this.#now + ms, wake: resolve }
      this.#sleepers.add(sleeper)
      signal.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper)
        reject(signal.reason as Error)
      }, { once: true })
    })
  }

  /** Moves it from one sleeper to the next until `done`, at most to so many milliseconds from now. */
  async until (done: () => boolean, most: number): Promise<void> {
    const end = this.#now + most
    while (!done()) {
      // What is under way with real sockets and files must not be overtaken.
      if (!await this.#settled(done)) return
      const [next] = [...this.#sleepers].toSorted((a, b) => a.at - b.at)
      if (next === undefined) continue
      if (next.at > end) throw new Error(`nothing happened in ${most} ms`)
      this.#now = Math.max(this.#now, next.at)
      this.#sleepers.delete(next)
      next.wake()
    }
  }

  /** Waits while time stands still. */
  async stand (done: () => boolean): Promise<void> {
    while (!done()) await tick()
  }

  /** Waits until somebody sleeps. */
  async #settled (done: () => boolean): Promise<boolean> {
    await this.stand(() => this.#sleepers.size > 0 || done())
    return !done()
  }
}
