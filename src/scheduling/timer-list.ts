/**
 * Timers of one duration. They expire in the order in which they were started, so one timer of the platform is enough for all of them.
 * Nearly every timer of a request is cleared in time; in a list that costs a few writes.
 */

/** A member of a list. */
export interface ListedTimer {
  /** Monotonic milliseconds. */
  readonly endsAt: number
  /** Neighbours in the list; only the list writes them. */
  previous: ListedTimer | undefined
  next: ListedTimer | undefined
  /** It is due, `delay` milliseconds late, and no longer in the list. */
  expire (delay: number): void
}

export class TimerList {
  readonly #ms: number
  readonly #idle: ((list: TimerList) => void) | undefined
  #first: ListedTimer | undefined
  #last: ListedTimer | undefined
  #timeout: NodeJS.Timeout | undefined
  /** The time for which the timer of the platform was started. */
  #wakesAt = 0

  /**
   * @param ms duration of the timers
   * @param idle called when the list has been empty for a while. With it, the timer of the platform runs on when no timer is left, because
   * others are expected; it does not keep the process alive then
   */
  constructor (ms: number, idle?: (list: TimerList) => void) {
    this.#ms = ms
    this.#idle = idle
  }

  get ms (): number {
    return this.#ms
  }

  /** Adds a timer that starts now. */
  add (timer: ListedTimer): void {
    timer.previous = this.#last
    if (this.#last === undefined) this.#first = timer
    else this.#last.next = timer
    this.#last = timer
    if (this.#timeout === undefined) this.#wake(timer.endsAt, this.#ms)
    else if (this.#first === timer) this.#timeout.ref()
  }

  remove (timer: ListedTimer): void {
    this.#unlink(timer)
    if (this.#first !== undefined) return
    if (this.#idle !== undefined) {
      this.#timeout?.unref()
      return
    }
    clearTimeout(this.#timeout)
    this.#timeout = undefined
  }

  /** Lets the process end although the timers are pending. */
  unref (): void {
    this.#timeout?.unref()
  }

  /** The timer of the platform has fired. */
  run (): void {
    const referenced = this.#timeout!.hasRef()
    const now = performance.now()
    // The timer of the platform may fire a fraction of a millisecond early.
    const due = Math.max(now, this.#wakesAt)
    while (this.#first !== undefined && this.#first.endsAt <= due) {
      const timer = this.#first
      this.#unlink(timer)
      timer.expire(now - timer.endsAt)
    }
    if (this.#first === undefined) {
      this.#timeout = undefined
      this.#idle?.(this)
      return
    }
    this.#wake(this.#first.endsAt, Math.ceil(this.#first.endsAt - now))
    if (!referenced) this.unref()
  }

  #wake (at: number, wait: number): void {
    this.#wakesAt = at
    this.#timeout = setTimeout(run, wait, this)
  }

  #unlink (timer: ListedTimer): void {
    const { previous, next } = timer
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    timer.previous = undefined
    timer.next = undefined
  }
}

/** One function for all lists, instead of a closure for each timer. */
function run (list: TimerList): void {
  list.run()
}
