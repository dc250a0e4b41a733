/** When a thread that died is replaced: at once for the first time, later and later when it dies again, and not for ever. */

/** The time in which deaths count, in milliseconds. */
const memory = 60_000

/** The most deaths in that time. A thread that dies more often is not replaced. */
const mostDeaths = 6

/** The pause after the second death; it doubles with each. In milliseconds. */
const firstPause = 250

export class Restarts {
  readonly #deaths = new Map<number, number[]>()

  /** A thread has died at `now`, in monotonic milliseconds. Returns how long to wait before it is replaced; undefined for never. */
  died (thread: number, now: number): number | undefined {
    const deaths = [...this.#deaths.get(thread) ?? [], now].filter(at => now - at < memory)
    this.#deaths.set(thread, deaths)
    if (deaths.length > mostDeaths) return undefined
    return deaths.length === 1 ? 0 : firstPause * 2 ** (deaths.length - 2)
  }
}
