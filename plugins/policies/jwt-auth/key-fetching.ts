/**
 * Fetches the keys that an issuer publishes (RFC 7517 §5): before the first request, again before they expire, and at once when a token
 * names an unknown key. One thread does it; all threads learn the result.
 */

import { LookupSkipped } from '../../../src/index.ts'
import type { KeyMaterial } from './key.ts'

/** The result of one fetch. */
export interface PublishedKeys {
  readonly keys: readonly KeyMaterial[]
  /** Milliseconds until the keys have to be fetched again. */
  readonly freshFor: number
}

/** What is known of the keys, as plain data. Times in monotonic milliseconds. */
export interface KeysState {
  /** The last good ones. */
  readonly keys: readonly KeyMaterial[]
  /** Until when they may be used. */
  readonly goodUntil: number
  /** An unknown key is no reason to fetch before this time. */
  readonly coolUntil: number
  /** When the last fetch that failed ended, after which time to fetch again, and why it failed. */
  readonly failedAt: number
  readonly retryAt: number
  readonly failure: unknown
  /** Whether a fetch is under way. */
  readonly fetching: boolean
}

export interface KeyFetchingOptions {
  /** Throws ServiceUnavailable when there is no usable response. */
  readonly fetch: () => Promise<PublishedKeys>
  /** Rejects when one of the keys cannot be used. */
  readonly check: (keys: readonly KeyMaterial[]) => Promise<unknown>
  /** Milliseconds for which expired keys stay in use while the issuer is unavailable. */
  readonly staleFor: number
  /** The least milliseconds between two fetches that unknown keys cause, when the first one returned no new key. */
  readonly coolDown: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly random: () => number
  /** Calls once after so many milliseconds. The returned function cancels it. */
  readonly after: (wait: number, call: () => void) => () => void
  /** Called for every failure; `row` counts those in a row. */
  readonly failed: (error: unknown, keysLeft: number, row: number) => void
  /** Called for the first success after failures. */
  readonly recovered: () => void
}

/** Milliseconds before the next fetch after a first failure. Doubles with each failure. */
const firstPause = 1000
const longestPause = 30_000
/** The longest pause without usable keys. All requests wait then, so a recovered issuer has to be noticed soon. */
const longestPauseWithoutKeys = 5000
/** Milliseconds of cool-down after a fetch that returned a new key: the token that caused it did not name a made-up key. */
const shortCoolDown = 1000

/** Before the first fetch. */
export const noKeys: KeysState = {
  keys: [],
  goodUntil: -Infinity,
  coolUntil: -Infinity,
  failedAt: -Infinity,
  retryAt: -Infinity,
  failure: undefined,
  fetching: false
}

/**
 * Whether an unknown key is a reason to fetch the keys.
 * @throws LookupSkipped when there are no keys, and it is too early to ask the issuer again
 */
export function mayFetch ({ goodUntil, coolUntil, failedAt, retryAt }: KeysState, now: number): boolean {
  if (now < goodUntil) return now >= coolUntil && now >= retryAt
  // The last good keys may have expired since the pause was chosen.
  const earliest = Math.min(retryAt, failedAt + longestPauseWithoutKeys)
  if (now < earliest) throw new LookupSkipped('the keys of the issuer could not be fetched lately', earliest - now)
  return true
}

export class KeyFetching {
  readonly #options: KeyFetchingOptions
  readonly #publish: (state: KeysState) => void
  #state = noKeys
  #flight: Promise<void> | undefined
  #failures = 0
  #callOff: (() => void) | undefined
  #closed = false

  /** @param publish called with every new state */
  constructor (options: KeyFetchingOptions, publish: (state: KeysState) => void) {
    this.#options = options
    this.#publish = publish
  }

  /** A token names a key that is not known: fetches the keys, if that may help. Resolves when that is over. Never rejects. */
  async look (): Promise<void> {
    const { now, coolDown } = this.#options
    const at = now()
    try {
      if (this.#flight === undefined) {
        if (!mayFetch(this.#state, at)) return
        if (at < this.#state.goodUntil) this.#state = { ...this.#state, coolUntil: at + coolDown }
      }
      await this.load()
    } catch {
      // The state says why.
    }
  }

  /** Fetches the keys. Concurrent callers share one fetch. */
  async load (): Promise<void> {
    this.#flight ??= this.#fetch().finally(() => { this.#flight = undefined })
    await this.#flight
  }

  close (): void {
    this.#closed = true
    this.#callOff?.()
  }

  async #fetch (): Promise<void> {
    const { fetch, check, now, staleFor, random, recovered } = this.#options
    this.#callOff?.()
    this.#tell({ fetching: true })
    try {
      const { keys, freshFor } = await fetch()
      await check(keys)
      const known = new Set(this.#state.keys.map(nameOf))
      const isNew = keys.some(key => !known.has(nameOf(key)))
      const coolUntil = isNew ? Math.min(this.#state.coolUntil, now() + shortCoolDown) : this.#state.coolUntil
      if (this.#failures > 0) recovered()
      this.#failures = 0
      // Well before the keys expire, with jitter, so that gateways that started together do not fetch together.
      this.#later(freshFor * (0.7 + 0.2 * random()))
      this.#tell({ keys, goodUntil: now() + freshFor + staleFor, coolUntil, retryAt: -Infinity, failure: undefined, fetching: false })
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }

  #failed (failure: unknown): void {
    const { now, failed } = this.#options
    const failedAt = now()
    const left = failedAt < this.#state.goodUntil ? this.#state.keys.length : 0
    const pause = Math.min(left === 0 ? longestPauseWithoutKeys : longestPause, firstPause * 2 ** this.#failures++)
    this.#later(pause)
    failed(failure, left, this.#failures)
    this.#tell({ failedAt, retryAt: failedAt + pause, failure, fetching: false })
  }

  #tell (news: Partial<KeysState>): void {
    this.#state = { ...this.#state, ...news }
    this.#publish(this.#state)
  }

  #later (wait: number): void {
    if (this.#closed) return
    this.#callOff = this.#options.after(wait, () => { this.load().catch(() => {}) })
  }
}

/** The same text for the same key. */
export function nameOf ({ kid, key, algorithms }: KeyMaterial): string {
  return JSON.stringify([kid ?? null, key, algorithms])
}
