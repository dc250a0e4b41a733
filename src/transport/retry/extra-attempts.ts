/** The attempts of an exchange beyond its first: whether there may be one more, where it goes, and how long it waits. */

import type { Clock, Random } from '../../contract/clock.ts'
import { backoff } from './backoff.ts'
import type { Retries } from './retry.ts'
import type { Target, AttemptKind, Attempt } from '../../contract/target.ts'
import type { Choice, Exchange } from '../../contract/exchange.ts'

/** An attempt that is entered and may be sent after `wait` milliseconds. */
export interface ExtraAttempt {
  readonly attempt: Attempt
  readonly wait: number
}

export class ExtraAttempts {
  readonly #exchange: Exchange
  readonly #clock: Clock
  readonly #random: Random
  readonly #retries: Retries
  /** Attempts that were made at another upstream, whose fallback this one is. */
  readonly #before: number
  /** Those that the budget was charged for and that are not over. */
  readonly #charged = new Set<Attempt>()
  /** Whether one was made for a lost race. It is free, and counts for nothing. */
  hasRaced = false
  /** Those that were made because others did not reach their target. They are free too. */
  #elsewhere = 0

  constructor (exchange: Exchange, clock: Clock, random: Random, retries: Retries) {
    this.#exchange = exchange
    this.#clock = clock
    this.#random = random
    this.#retries = retries
    this.#before = exchange.attempts.findIndex(({ target }) => target.upstream === exchange.upstream)
  }

  /** One more after `last`, if rules and budget allow it. `sent`: bytes of it may have reached its target. */
  retry (last: Attempt, sent: boolean, deadline: number): ExtraAttempt | undefined {
    if (this.#made >= this.#retries.attempts) return undefined
    return this.#plan('retry', deadline, next => this.#pause(last, next, sent))
  }

  /** One at a target that was not tried yet, at once, after `last` did not reach its own. */
  elsewhere (last: Attempt, deadline: number): ExtraAttempt | undefined {
    // A refusal takes no time; waiting for several targets that are known to be silent takes that of the client.
    return this.#untried('retry', last.failure!.code !== 'connect-timeout' && this.#failsOpen, deadline)
  }

  /** The same beside an attempt whose target has gone without a word. */
  beside (deadline: number): ExtraAttempt | undefined {
    return this.#untried('hedge', false, deadline)
  }

  /** One beside those that are under way, at once. */
  hedge (deadline: number): ExtraAttempt | undefined {
    return this.#made >= this.#retries.attempts ? undefined : this.#plan('hedge', deadline, () => 0)
  }

  /** One in place of an attempt that never had a chance: at once and outside of all rules. */
  raced (): ExtraAttempt | undefined {
    this.hasRaced = true
    const attempt = this.#select('retry')
    return attempt === undefined ? undefined : { attempt, wait: 0 }
  }

  /** An attempt has its answer or its failure, or will not be sent. */
  refund (attempt: Attempt): void {
    if (this.#charged.delete(attempt)) this.#retries.budget.release()
  }

  get #made (): number {
    return this.#exchange.attempts.length - this.#before - this.#elsewhere - (this.hasRaced ? 1 : 0)
  }

  /**
   * An attempt that does not reach its target costs the upstream nothing, so neither `attempts` nor the budget count the one that takes its place:
   * there are as many as other targets and no more.
   */
  #untried (kind: AttemptKind, overrule: boolean, deadline: number): ExtraAttempt | undefined {
    if (this.#retries.attempts === 1 || this.#clock.now() >= deadline) return undefined
    const attempt = this.#select(kind, { allows: target => !this.#exchange.tried(target), overrule })
    if (attempt === undefined) return undefined
    this.#elsewhere++
    return { attempt, wait: 0 }
  }

  /** `pause` says how long to wait for a target, or that it is too long. */
  #plan (kind: AttemptKind, deadline: number, pause: (next: Attempt) => number | undefined): ExtraAttempt | undefined {
    if (!this.#retries.budget.take()) return undefined
    const attempt = this.#select(kind, this.#silent() ? { allows: target => !this.#wasSilent(target), overrule: this.#failsOpen } : undefined)
    const wait = attempt === undefined ? undefined : pause(attempt)
    if (attempt === undefined || wait === undefined || this.#clock.now() + wait >= deadline) {
      this.#retries.budget.release()
      if (attempt !== undefined) attempt.target.settle(attempt, 'ignored', this.#clock.now())
      return undefined
    }
    this.#charged.add(attempt)
    return { attempt, wait }
  }

  #pause (last: Attempt, next: Attempt, sent: boolean): number | undefined {
    const same = last.target === next.target
    const asked = same ? (last.retryAfter ?? 0) * 1000 : 0
    if (asked > this.#retries.retryAfter) return undefined
    // Where there was no connection, another target need not be waited for; the same one had better be.
    const jitter = sent || same ? backoff(this.#retries.backoff, this.#made - 1, this.#random) : 0
    return Math.max(asked, jitter)
  }

  /** Whether gates that fail open may be overruled: with a fallback that is asked first. */
  get #failsOpen (): boolean {
    return this.#exchange.upstream!.fallback === undefined
  }

  /** Whether a target did not take a connection in time: dialled again it would take as long again. */
  #silent (): boolean {
    return this.#exchange.attempts.some(({ failure }, index) => index >= this.#before && failure?.code === 'connect-timeout')
  }

  #wasSilent (target: Target): boolean {
    return this.#exchange.attempts.some(attempt => attempt.target === target && attempt.failure?.code === 'connect-timeout')
  }

  #select (kind: AttemptKind, choice?: Choice): Attempt | undefined {
    try {
      const attempt = this.#exchange.upstream!.select(this.#exchange, this.#clock.now(), choice)
      attempt.kind = kind
      return attempt
    } catch {
      // Nowhere else to go: the answer or failure at hand stands.
      return undefined
    }
  }
}
