/** A timer that judges a peer: what the peer has sent in time is read before the timer calls, and a pause of this process is not counted as silence. */

/** A timer that is later than this was held up by the process itself, in milliseconds. */
const late = 25

/**
 * Calls once when `ms` milliseconds are over, unless {@link PatientTimer.clear} is called before.
 *
 * A process that was stopped, or busy, runs the timers that have become due before it reads its sockets. So the sockets are read once before
 * the call; and when the timer comes late, the time by which it is late is given to the peer again, once and at most `ms`, because an answer
 * may need more than one read: a connection that was made during a pause has yet to be written to.
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

  /** It never calls from here on. */
  clear (): void {
    clearTimeout(this.#timeout)
    clearImmediate(this.#look)
  }

  /** It does not keep the process alive. */
  unref (): this {
    this.#timeout.unref()
    return this
  }

  /** The platform's timer has fired. */
  expire (): void {
    const delay = performance.now() - this.#endsAt
    if (delay <= late || this.#extended) {
      // In a turn of the event loop sockets are read after timers and before immediates.
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

/** Starts a timer of `ms` milliseconds that judges a peer. `due` is called with `subject`. */
export function patiently (ms: number, due: () => void): PatientTimer
export function patiently<T> (ms: number, due: (subject: T) => void, subject: T): PatientTimer
export function patiently (ms: number, due: (subject: never) => void, subject?: unknown): PatientTimer {
  return new PatientTimer(ms, due as (subject: unknown) => void, subject)
}
