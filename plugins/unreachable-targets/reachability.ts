/**
 * Whether a target can be reached: the state machine alone, without a clock.
 *
 *                 no connection                  its time is over, next attempt
 *   reachable ───────────────────▶ unreachable ─────────────────────────────────▶ trying
 *      ▲                             ▲     │                                      │  │
 *      │    a connection is opened   │     │           no connection              │  │
 *      └─────────────────────────────┼─────┘◀─────────────────────────────────────┘  │
 *      └─────────────────────────────┴────── an answer, or a connection ─────────────┘
 *
 * One failed connection is enough, as in nginx (`max_fails=1`): what could not be reached has cost nobody anything but time, and another
 * target is there. A connection that is opened is enough for the way back. Every entry gets a ticket, which is worth something until the
 * state changes: a connection that was tried before the target came back and times out after it says nothing.
 */

/** Words of the states. */
export type ReachabilityName = 'reachable' | 'unreachable' | 'trying'

/** Times are milliseconds of any clock that never jumps. */
export class Reachability {
  readonly #pause: number
  #name: ReachabilityName = 'reachable'
  /** When the next attempt may try, or when the one that tries is no longer waited for. */
  #until = -Infinity
  #why = ''
  #ticket = 1
  /** Connections that had been opened when the target was found unreachable. */
  #opened = 0

  /** @param pause milliseconds for which a target that could not be reached is not asked */
  constructor (pause: number) {
    this.#pause = pause
  }

  get name (): ReachabilityName {
    return this.#name
  }

  /** May an attempt go to it? `opened` counts the connections that were ever opened to it. Changes nothing. */
  permits (opened: number, now: number): boolean {
    return this.#name === 'reachable' || now >= this.#until || opened > this.#opened
  }

  /** An attempt goes to it; returns its ticket. One that is not permitted, because no other target was left, tries it nevertheless. */
  enter (opened: number, now: number): number {
    if (this.#name === 'reachable') return this.#ticket
    if (opened > this.#opened) this.#become('reachable', -Infinity)
    else if (now >= this.#until) this.#become('trying', now + this.#pause)
    return this.#ticket
  }

  /** It answered. */
  answered (ticket: number): void {
    if (ticket === this.#ticket && this.#name !== 'reachable') this.#become('reachable', -Infinity)
  }

  /** No connection to it could be made; `why` is the code of the reason. */
  failed (ticket: number, why: string, opened: number, now: number): void {
    if (ticket !== this.#ticket) return
    this.#why = why
    this.#opened = opened
    // While it is known to be unreachable, attempts that had no other choice do not put off the next try.
    if (this.#name !== 'unreachable') this.#become('unreachable', now + this.#pause)
  }

  /** An attempt ended and said nothing: if it was the one that tries, the next may. */
  ended (ticket: number, now: number): void {
    if (ticket === this.#ticket && this.#name === 'trying') this.#until = now
  }

  /** The target was found well by other means: the next attempt may try it. */
  recovered (now: number): void {
    if (this.#name === 'unreachable') this.#until = Math.min(this.#until, now)
  }

  /** In words, and when an attempt may try it if that is known. Changes nothing. */
  describe (opened: number, now: number): { readonly state: ReachabilityName, readonly why?: string, readonly opensAt?: number } {
    if (this.#name === 'reachable' || opened > this.#opened) return { state: 'reachable' }
    if (now >= this.#until) return { state: 'trying', why: `${this.#why}; the next request tries the target` }
    if (this.#name === 'trying') return { state: 'trying', why: `${this.#why}; one request is on its way to try the target` }
    return { state: 'unreachable', why: this.#why, opensAt: this.#until }
  }

  /** The same state, which goes its own way. */
  copy (): Reachability {
    const copy = new Reachability(this.#pause)
    copy.#name = this.#name
    copy.#until = this.#until
    copy.#why = this.#why
    copy.#ticket = this.#ticket
    copy.#opened = this.#opened
    return copy
  }

  #become (name: ReachabilityName, until: number): void {
    this.#name = name
    this.#until = until
    this.#ticket++
  }
}
