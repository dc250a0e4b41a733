/** The attempts of an exchange after the first: decides whether another one is allowed, at which target, and how long it waits. */

import type { Clock, Random } from '../../contract/clock.ts'
import { unsent } from '../failure.ts'
import type { RequestSender } from '../request-sender.ts'
import type { TimeLimits } from '../time-limits.ts'
import { backoff } from './backoff.ts'
import type { Retries } from '../../contract/retries.ts'
import type { Target, AttemptKind, Attempt } from '../../contract/target.ts'
import type { Choice, Exchange } from '../../contract/exchange.ts'

/** A selected attempt, to be sent after `wait` milliseconds. */
export interface ExtraAttempt {
  readonly attempt: Attempt
  readonly wait: number
}

export interface ExtraAttemptsOptions {
  readonly exchange: Exchange
  readonly clock: Clock
  readonly random: Random
  readonly retries: Retries
  readonly sender: RequestSender
  readonly limits: TimeLimits
}

export class ExtraAttempts {
  readonly #exchange: Exchange
  readonly #clock: Clock
  readonly #random: Random
  readonly #retries: Retries
  readonly #sender: RequestSender
  readonly #limits: TimeLimits
  /** The number of attempts at an upstream whose fallback this one is. */
  readonly #before: number
  /** Attempts under way that the budget was charged for. */
  readonly #charged = new Set<Attempt>()
  /** Whether one was made because a kept-alive connection had just been closed, or was closing. It is free and does not count. */
  hasRaced = false
  /** The number of attempts that replace others that did not reach their target. They are free too. */
  #replaced = 0

  constructor ({ exchange, clock, random, retries, sender, limits }: ExtraAttemptsOptions) {
    this.#exchange = exchange
    this.#clock = clock
    this.#random = random
    this.#retries = retries
    this.#sender = sender
    this.#limits = limits
    this.#before = exchange.attempts.findIndex(({ target }) => target.upstream === exchange.upstream)
  }

  /** Another attempt after the failure of `last`, where one is allowed. `sent`: its target may have processed it. */
  again (last: Attempt, sent: boolean): ExtraAttempt | undefined {
    const { code } = last.failure!
    if (!this.#retries.failures.has(code)) return undefined
    const elsewhere = unsent.has(code) && this.#sender.repeatable(false) ? this.#elsewhere(last) : undefined
    return elsewhere ?? this.retry(last, sent)
  }

  /** Another attempt after `last`, if rules and budget allow it. `sent`: bytes of it may have reached its target. */
  retry (last: Attempt, sent: boolean): ExtraAttempt | undefined {
    return this.#sender.repeatable(sent) ? this.#repeat(last, sent) : undefined
  }

  /** Another attempt after a gRPC status that the rules name: by that they say that calls may be repeated, whose method is always POST. */
  call (last: Attempt): ExtraAttempt | undefined {
    return this.#sender.repeatable(false) ? this.#repeat(last, true) : undefined
  }

  /** An attempt at a target that was not tried yet, in parallel to one whose target no longer responds. */
  beside (): ExtraAttempt | undefined {
    return this.#untried('hedge', false)
  }

  /** Another attempt in parallel, at once. */
  hedge (): ExtraAttempt | undefined {
    return this.#made >= this.#retries.attempts ? undefined : this.#plan('hedge', () => 0)
  }

  /** Replaces an attempt that lost the race with the close of its connection, or was not processed: at once, regardless of the rules. */
  raced (): ExtraAttempt | undefined {
    this.hasRaced = true
    const attempt = this.#select('retry')
    return attempt === undefined ? undefined : { attempt, wait: 0 }
  }

  /** Releases the budget of an attempt that has its response or failure, or will not be sent. */
  refund (attempt: Attempt): void {
    if (this.#charged.delete(attempt)) this.#retries.budget.release()
  }

  get #made (): number {
    return this.#exchange.attempts.length - this.#before - this.#replaced - (this.hasRaced ? 1 : 0)
  }

  /**
   * An attempt that does not reach its target costs the upstream nothing, so its replacement counts neither for `attempts` nor for the
   * budget. There are at most as many replacements as other targets.
   */
  #untried (kind: AttemptKind, overrule: boolean): ExtraAttempt | undefined {
    if (this.#retries.attempts === 1 || this.#clock.now() >= this.#limits.deadline) return undefined
    const attempt = this.#select(kind, { allows: target => !this.#exchange.tried(target), overrule })
    if (attempt === undefined) return undefined
    this.#replaced++
    return { attempt, wait: 0 }
  }

  #repeat (last: Attempt, sent: boolean): ExtraAttempt | undefined {
    return this.#made >= this.#retries.attempts ? undefined : this.#plan('retry', next => this.#pause(last, next, sent))
  }

  /** `pause` returns how long to wait for a target; undefined when that is too long. */
  #plan (kind: AttemptKind, pause: (next: Attempt) => number | undefined): ExtraAttempt | undefined {
    if (!this.#retries.budget.take()) return undefined
    const attempt = this.#select(
      kind,
      this.#silent() ? { allows: target => !this.#wasSilent(target), overrule: this.#failsOpen } : undefined
    )
    const wait = attempt === undefined ? undefined : pause(attempt)
    if (attempt === undefined || wait === undefined || this.#clock.now() + wait >= this.#limits.deadline) {
      this.#retries.budget.release()
      if (attempt !== undefined) attempt.target.settle(attempt, 'ignored', this.#clock.now())
      return undefined
    }
    this.#charged.add(attempt)
    return { attempt, wait }
  }

  /** An attempt at a target that was not tried yet, without back-off, after `last` did not reach its own. */
  #elsewhere (last: Attempt): ExtraAttempt | undefined {
    // A refused connection takes no time. Waiting for several targets that are known to be silent would take up the time of the client.
    return this.#untried('retry', last.failure!.code !== 'connect-timeout' && this.#failsOpen)
  }

  #pause (last: Attempt, next: Attempt, sent: boolean): number | undefined {
    const same = last.target === next.target
    const asked = same ? (last.retryAfter ?? 0) * 1000 : 0
    if (asked > this.#retries.retryAfter) return undefined
    // Without a connection there is no reason to wait for another target, but there is for the same one.
    const jitter = sent || same ? backoff(this.#retries.backoff, this.#made - 1, this.#random) : 0
    return Math.max(asked, jitter)
  }

  /** Whether gates that fail open may be overruled. With a fallback they may not, because the fallback is tried first. */
  get #failsOpen (): boolean {
    return this.#exchange.upstream!.fallback === undefined
  }

  /** Whether a target did not accept a connection in time. Another attempt there would take as long again. */
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
      // No target is available, so the current response or failure is passed on.
      return undefined
    }
  }
}
