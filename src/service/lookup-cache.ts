/**
 * Caches the results of look-ups at a service. Concurrent look-ups of one key share a request, and none is sent while the service is known
 * to be unavailable.
 */

import { ExpiringCache } from '../collections/expiring-cache.ts'
import { ServiceBreaker, type Passage, type ServiceBreakerOptions } from './service-breaker.ts'
import { ServiceUnavailable, UnusableAnswer } from './service-unavailable.ts'

export interface LookupCacheOptions {
  /** Most results that are kept of each kind, good and bad. */
  readonly maximum: number
  /** Milliseconds for which good results are kept after they expire, for use while the service is unavailable. 0 disables it. */
  readonly staleFor: number
  /** That of {@link takeServiceBreaker} is one for all threads; one that is made of options is about this cache alone. */
  readonly breaker: ServiceBreaker | ServiceBreakerOptions
  /** Called with the last error when the service counts as unavailable, and with undefined when it responds again. */
  readonly changed?: ((error: unknown) => void) | undefined
  /** Monotonic milliseconds. */
  readonly now: () => number
}

/** The result of a look-up. */
export interface Lookup<V> {
  readonly value: V
  /** Whether it allows a client. Bad results are kept apart, so that invented credentials cannot evict good ones. */
  readonly good: boolean
  /** Milliseconds; a result of 0 or less is not kept. */
  readonly freshFor: number
}

interface Kept<V> {
  readonly value: V
  readonly freshUntil: number
}

/** Most requests to the service at once. Above it the service is too slow for the load, and more requests would only make it slower. */
const longestQueue = 1000

/** Thrown for a look-up that was not sent, because the service is known to be unavailable or overloaded. */
export class LookupSkipped extends ServiceUnavailable {
  /** Milliseconds after which to try again. */
  readonly wait: number

  constructor (message: string, wait: number) {
    super(message)
    this.wait = wait
  }
}

/** The results of one service. */
export class LookupCache<V> {
  readonly #options: LookupCacheOptions
  readonly #breaker: ServiceBreaker
  readonly #good: ExpiringCache<Kept<V>>
  readonly #bad: ExpiringCache<Kept<V>>
  readonly #pending = new Map<string, Promise<V>>()
  #underway = 0

  constructor (options: LookupCacheOptions) {
    this.#options = options
    const { breaker } = options
    this.#breaker = breaker instanceof ServiceBreaker ? breaker : new ServiceBreaker(breaker)
    this.#good = new ExpiringCache(options.maximum)
    this.#bad = new ExpiringCache(options.maximum)
  }

  /** Number of results that are kept. */
  get size (): number {
    return this.#good.size + this.#bad.size
  }

  /** The result for a key while it is fresh. */
  known (key: string): V | undefined {
    const now = this.#options.now()
    const kept = this.#good.use(key, now) ?? this.#bad.use(key, now)
    return kept !== undefined && now < kept.freshUntil ? kept.value : undefined
  }

  /** The result for a key while it is fresh, without counting as a use: for rehearsals. */
  peek (key: string): V | undefined {
    const now = this.#options.now()
    const kept = this.#good.peek(key, now) ?? this.#bad.peek(key, now)
    return kept !== undefined && now < kept.freshUntil ? kept.value : undefined
  }

  /** A good result that may have expired, for use when the service is unavailable. */
  stale (key: string): V | undefined {
    return this.#good.use(key, this.#options.now())?.value
  }

  /**
   * Asks the service, once for all concurrent callers with the same key.
   * @param key undefined for a result that is used only once
   * @param question throws ServiceUnavailable when there is no response, and UnusableAnswer for a response that decides nothing
   * @throws ServiceUnavailable
   */
  async ask (key: string | undefined, question: () => Promise<Lookup<V>>): Promise<V> {
    if (key === undefined) return (await this.#put(question)).value
    const pending = this.#pending.get(key)
    if (pending !== undefined) return await pending
    const answer = this.#lookUp(key, question)
    this.#pending.set(key, answer)
    try {
      return await answer
    } finally {
      this.#pending.delete(key)
    }
  }

  async #lookUp (key: string, question: () => Promise<Lookup<V>>): Promise<V> {
    const { value, good, freshFor } = await this.#put(question)
    // A good result may have become a bad one, or the other way round.
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
    if (passage === undefined) {
      throw new LookupSkipped('the service did not respond lately and gets no requests for a while', this.#breaker.wait(now()))
    }
    this.#underway++
    try {
      const result = await question()
      this.#answered(passage)
      return result
    } catch (error) {
      if (error instanceof UnusableAnswer) this.#answered(passage)
      else this.#failed(passage, error)
      throw error
    } finally {
      this.#underway--
    }
  }

  #answered (passage: Passage): void {
    if (this.#breaker.answered(passage)) this.#options.changed?.(undefined)
  }

  #failed (passage: Passage, error: unknown): void {
    if (this.#breaker.failed(passage, this.#options.now())) this.#options.changed?.(error)
  }
}
