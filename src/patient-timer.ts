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
  readonly #due: () => void
  #endsAt: number
  #timeout: NodeJS.Timeout
  #look: NodeJS.Immediate | undefined
  #extended = false

  constructor (ms: number, due: () => void) {
    this.#ms = ms
    this.#due = due
    this.#endsAt = performance.now() + ms
    this.#timeout = setTimeout(PatientTimer.#expire, ms, this)
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

  static readonly #expire = (timer: PatientTimer): void => {
    const now = performance.now()
    const delay = now - timer.#endsAt
    if (delay <= late || timer.#extended) {
      // In a turn of the event loop sockets are read after timers and before immediates.
      timer.#look = setImmediate(timer.#due)
      return
    }
    const extension = Math.min(delay, timer.#ms)
    const referenced = timer.#timeout.hasRef()
    timer.#extended = true
    timer.#endsAt = now + extension
    timer.#timeout = setTimeout(PatientTimer.#expire, extension, timer)
    if (!referenced) timer.#timeout.unref()
  }
}

/** Starts a timer of `ms` milliseconds that judges a peer. */
export function patiently (ms: number, due: () => void): PatientTimer {
  return new PatientTimer(ms, due)
}
