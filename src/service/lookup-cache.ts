/**
 * Questions to a service and what it said: kept for a while, asked once for all who want to know the same at one time, and not asked while the
 * service is known to be away.
 */

import { ExpiringCache } from '../collections/expiring-cache.ts'
import { ServiceBreaker, type ServiceBreakerOptions } from './service-breaker.ts'
import { ServiceUnavailable, UnusableAnswer } from './service-unavailable.ts'

export interface LookupCacheOptions {
  /** Most answers that are kept of each kind, good and bad. */
  readonly maximum: number
  /** Milliseconds for which good answers are kept beyond their time, for when the service cannot be asked; 0 for not at all. */
  readonly staleFor: number
  readonly breaker: ServiceBreakerOptions
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** What was learnt from an answer. */
export interface Lookup<V> {
  readonly value: V
  /** Whether it lets somebody in. Bad answers are kept apart: whoever makes up credentials pushes out no good one. */
  readonly good: boolean
  /** Milliseconds; 0 or less is not kept. */
  readonly freshFor: number
}

interface Kept<V> {
  readonly value: V
  readonly freshUntil: number
}

/** Most questions on their way. Beyond it the service is slower than they come, and waiting would only make it worse. */
const longestQueue = 1000

/** A question that was not asked, because the service is known to be away or has too much to do. */
export class LookupSkipped extends ServiceUnavailable {
  /** Milliseconds after which it is worth coming back. */
  readonly wait: number

  constructor (message: string, wait: number) {
    super(message)
    this.wait = wait
  }
}

export class LookupCache<V> {
  readonly #options: LookupCacheOptions
  readonly #breaker: ServiceBreaker
  readonly #good: ExpiringCache<Kept<V>>
  readonly #bad: ExpiringCache<Kept<V>>
  readonly #pending = new Map<string, Promise<V>>()
  #underway = 0

  constructor (options: LookupCacheOptions) {
    this.#options = options
    this.#breaker = new ServiceBreaker(options.breaker)
    this.#good = new ExpiringCache(options.maximum)
    this.#bad = new ExpiringCache(options.maximum)
  }

  /** Answers that are kept. */
  get size (): number {
    return this.#good.size + this.#bad.size
  }

  /** What the service said, as long as it holds. */
  known (key: string): V | undefined {
    const now = this.#options.now()
    const kept = this.#good.use(key, now) ?? this.#bad.use(key, now)
    return kept !== undefined && now < kept.freshUntil ? kept.value : undefined
  }

  /** The same, without a trace: for rehearsals. */
  peek (key: string): V | undefined {
    const now = this.#options.now()
    const kept = this.#good.peek(key, now) ?? this.#bad.peek(key, now)
    return kept !== undefined && now < kept.freshUntil ? kept.value : undefined
  }

  /** A good answer whose time is over, for when there is no better one. */
  stale (key: string): V | undefined {
    return this.#good.use(key, this.#options.now())?.value
  }

  /**
   * Asks, once for all who ask with one key at one time.
   * @param key undefined for an answer that holds for nobody else
   * @param question throws ServiceUnavailable when there is no answer, and UnusableAnswer when it is one that says nothing: the service is there then
   * @throws ServiceUnavailable
   */
  async ask (key: string | undefined, question: () => Promise<Lookup<V>>): Promise<V> {
    if (key === undefined) return (await this.#put(question)).value
    const pending = this.#pending.get(key)
    if (pending !== undefined) return await pending
    const answer = this.#learn(key, question)
    this.#pending.set(key, answer)
    try {
      return await answer
    } finally {
      this.#pending.delete(key)
    }
  }

  async #learn (key: string, question: () => Promise<Lookup<V>>): Promise<V> {
    const { value, good, freshFor } = await this.#put(question)
    // What was good is not good any more, or the other way round.
    this.#good.delete(key)
    this.#bad.delete(key)
    if (freshFor > 0) {
      const freshUntil = this.#options.now() + freshFor
      if (good) this.#good.set(key, { value, freshUntil }, freshUntil + this.#options.staleFor)
      else this.#bad.set(key, { value, freshUntil }, freshUntil)
    }
    return value
  }

  async #put (question: () => Promise<Lookup<V>>): Promise<Lookup<V>> {
    const { now } = this.#options
    if (this.#underway >= longestQueue) throw new LookupSkipped(`${longestQueue} questions are on their way already`, 1000)
    const passage = this.#breaker.enter(now())
    if (passage === undefined) throw new LookupSkipped('the service did not answer lately, and is not asked for a while', this.#breaker.wait(now()))
    this.#underway++
    try {
      const learnt = await question()
      this.#breaker.answered(passage)
      return learnt
    } catch (error) {
      if (error instanceof UnusableAnswer) this.#breaker.answered(passage)
      else this.#breaker.failed(passage, now())
      throw error
    } finally {
      this.#underway--
    }
  }
}
