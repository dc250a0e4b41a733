/** A timer for a peer. What the peer has sent in time is read before it expires, and a pause of this process does not count as silence. */

/** A timer that is later than this, in milliseconds, was delayed by the process itself. */
const late = 25

/**
 * Calls once when `ms` milliseconds are over, unless {@link PatientTimer.clear} is called before.
 *
 * A process that was stopped or busy runs the timers that are due before it reads its sockets. So the sockets are read once before the
 * call. When the timer is late, the peer gets the delay as extra time, once and at most `ms`, because a response may need more than one
 * read: for example, nothing is written yet to a connection that was made during the pause.
 */
export class PatientTimer {
  readonly #ms: number
  readonly #due: (subject: unknown) => void
  readonly #subject: unknown
  readonly #endsAt: number
  #timeout: NodeJS.Timeout
  #look: NodeJS.Immediate | undefined
  #extended = false

  constructor (ms: number, due: (subject: unknown) => void, subject: unknown) {
    this.#ms = ms
    this.#due = due
    this.#subject = subject
    this.#endsAt = performance.now() + ms
    this.#timeout = setTimeout(expire, ms, this)
  }

  /** Cancels the timer. */
  clear (): void {
    clearTimeout(this.#timeout)
    clearImmediate(this.#look)
  }

  /** Lets the process end although the timer is pending. */
  unref (): this {
    this.#timeout.unref()
    return this
  }

  /** The platform's timer has fired. */
  expire (): void {
    const delay = performance.now() - this.#endsAt
    if (delay <= late || this.#extended) {
      // In an event-loop tick sockets are read after timers and before immediates.
      this.#look = setImmediate(this.#due, this.#subject)
      return
    }
    const extension = Math.min(delay, this.#ms)
    const referenced = this.#timeout.hasRef()
    this.#extended = true
    this.#timeout = setTimeout(expire, extension, this)
    if (!referenced) this.#timeout.unref()
  }
}

/** One function for all timers: a closure for each would be work on every request. */
function expire (timer: PatientTimer): void {
  timer.expire()
}

/** Starts a timer of `ms` milliseconds for a peer. `due` is called with `subject`. */
export function patiently (ms: number, due: () => void): PatientTimer
export function patiently<T> (ms: number, due: (subject: T) => void, subject: T): PatientTimer
export function patiently (ms: number, due: (subject: never) => void, subject?: unknown): PatientTimer {
  return new PatientTimer(ms, due as (subject: unknown) => void, subject)
}
