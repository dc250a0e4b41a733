/** A timer for a peer. What the peer has sent in time is read before it expires, and a pause of this process does not count as silence. */

import { TimerList, type ListedTimer } from './timer-list.ts'

/** A timer that is later than this, in milliseconds, was delayed by the process itself. */
const late = 25

/** The lists of the durations that many timers have. A list is dropped when it has been empty for its duration. */
const shared = new Map<number, TimerList>()

/**
 * Calls once when `ms` milliseconds are over, unless {@link PatientTimer.clear} is called before.
 *
 * A process that was stopped or busy runs the timers that are due before it reads its sockets. So the sockets are read once before the
 * call. When the timer is late, the peer gets the delay as extra time, once and at most `ms`, because a response may need more than one
 * read: for example, nothing is written yet to a connection that was made during the pause.
 */
export class PatientTimer implements ListedTimer {
  readonly #ms: number
  readonly #due: (subject: unknown) => void
  readonly #subject: unknown
  endsAt: number
  previous: ListedTimer | undefined = undefined
  next: ListedTimer | undefined = undefined
  #list: TimerList | undefined
  #look: NodeJS.Immediate | undefined
  #extended = false
  #referenced = true

  constructor (list: TimerList, due: (subject: unknown) => void, subject: unknown) {
    this.#ms = list.ms
    this.#due = due
    this.#subject = subject
    this.#list = list
    this.endsAt = performance.now() + list.ms
    list.add(this)
  }

  /** Cancels the timer. */
  clear (): void {
    if (this.#list !== undefined) {
      this.#list.remove(this)
      this.#list = undefined
    } else if (this.#look !== undefined) {
      clearImmediate(this.#look)
    }
  }

  /** Lets the process end although the timer is pending. Not for timers that share their list. */
  unref (): this {
    this.#referenced = false
    this.#list?.unref()
    return this
  }

  expire (delay: number): void {
    this.#list = undefined
    if (delay <= late || this.#extended) {
      // In an event-loop tick sockets are read after timers and before immediates.
      this.#look = setImmediate(this.#due, this.#subject)
      return
    }
    const extension = Math.min(delay, this.#ms)
    this.#extended = true
    this.endsAt = performance.now() + extension
    this.#list = new TimerList(extension)
    this.#list.add(this)
    if (!this.#referenced) this.#list.unref()
  }
}

/** Starts a timer of `ms` milliseconds for a peer. `due` is called with `subject`. */
export function patiently (ms: number, due: () => void): PatientTimer
export function patiently<T> (ms: number, due: (subject: T) => void, subject: T): PatientTimer
export function patiently (ms: number, due: (subject: never) => void, subject?: unknown): PatientTimer {
  return new PatientTimer(new TimerList(ms), due as (subject: unknown) => void, subject)
}

/** The same for a duration that stands in the configuration, and which the timers of many requests share. */
export function patientlyShared<T> (ms: number, due: (subject: T) => void, subject: T): PatientTimer {
  let list = shared.get(ms)
  if (list === undefined) {
    list = new TimerList(ms, drop)
    shared.set(ms, list)
  }
  return new PatientTimer(list, due as (subject: unknown) => void, subject)
}

function drop (list: TimerList): void {
  shared.delete(list.ms)
}
