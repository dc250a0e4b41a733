/**
 * Keys that the issuer publishes (RFC 7517 §5). They are fetched before the first request, again before they expire,
 * and at once when a token names an unknown key. While the issuer is unavailable the last good keys stay in use.
 */

import { LookupSkipped } from '../../../src/index.ts'
import type { KeyMaterial } from './key.ts'
import { candidates, type KeySource, type TokenHead, type VerifyingKey } from './key-source.ts'

/** The result of one fetch. */
export interface PublishedKeys {
  readonly keys: readonly KeyMaterial[]
  /** Milliseconds until the keys have to be fetched again. */
  readonly freshFor: number
}

export interface RemoteKeysOptions {
  /** Throws ServiceUnavailable when there is no usable response. */
  readonly fetch: () => Promise<PublishedKeys>
  readonly make: (material: KeyMaterial) => Promise<VerifyingKey>
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

export class RemoteKeys implements KeySource {
  readonly #options: RemoteKeysOptions
  #keys: readonly VerifyingKey[] = []
  #held: ReadonlySet<VerifyingKey> = new Set()
  #goodUntil = -Infinity
  #flight: Promise<void> | undefined
  #failures = 0
  #failedAt = -Infinity
  #retryAt = -Infinity
  #coolUntil = -Infinity
  #callOff: (() => void) | undefined
  #closed = false

  constructor (options: RemoteKeysOptions) {
    this.#options = options
  }

  holds (key: VerifyingKey): boolean {
    return this.#held.has(key) && this.#options.now() < this.#goodUntil
  }

  search (head: TokenHead): readonly VerifyingKey[] | Promise<readonly VerifyingKey[]> {
    const found = candidates(this.#known(), head)
    return found.length > 0 || this.#names(head) ? found : this.#lookAgain(head)
  }

  knows (head: TokenHead): boolean {
    return candidates(this.#known(), head).length > 0 || this.#names(head)
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

  #known (): readonly VerifyingKey[] {
    return this.#options.now() < this.#goodUntil ? this.#keys : []
  }

  /** A key of this name exists but does not fit the token's algorithm. A fetch would not help. */
  #names ({ kid }: TokenHead): boolean {
    return kid !== undefined && this.#known().some(key => key.kid === kid)
  }

  /**
   * The fetch in progress may have begun before the key was published, so a second one may follow. Requests that arrive
   * during the second one wait for it too, so no token with a new key is rejected.
   */
  async #lookAgain (head: TokenHead): Promise<readonly VerifyingKey[]> {
    for (let round = 0; round < 2; round++) {
      if (this.#flight === undefined && !this.#mayAsk()) break
      try {
        await this.load()
      } catch (error) {
        if (this.#known().length === 0) throw error
        break
      }
      const found = candidates(this.#known(), head)
      if (found.length > 0 || this.#names(head)) return found
    }
    return []
  }

  #mayAsk (): boolean {
    const { now, coolDown } = this.#options
    const at = now()
    if (this.#known().length === 0) {
      // The last good keys may have expired since the pause was chosen.
      const retryAt = Math.min(this.#retryAt, this.#failedAt + longestPauseWithoutKeys)
      if (at < retryAt) throw new LookupSkipped('the keys of the issuer could not be fetched lately', retryAt - at)
      return true
    }
    if (at < this.#coolUntil || at < this.#retryAt) return false
    this.#coolUntil = at + coolDown
    return true
  }

  async #fetch (): Promise<void> {
    const { fetch, now, staleFor } = this.#options
    this.#callOff?.()
    try {
      const { keys, freshFor } = await fetch()
      const ready = await Promise.all(keys.map(async key => await this.#ready(key)))
      if (ready.some(key => !this.#held.has(key))) this.#coolUntil = Math.min(this.#coolUntil, now() + shortCoolDown)
      this.#keys = ready
      this.#held = new Set(ready)
      this.#goodUntil = now() + freshFor + staleFor
      if (this.#failures > 0) this.#options.recovered()
      this.#failures = 0
      this.#retryAt = -Infinity
      // Well before the keys expire, with jitter, so that gateways that started together do not fetch together.
      this.#later(freshFor * (0.7 + 0.2 * this.#options.random()))
    } catch (error) {
      const pause = Math.min(this.#known().length === 0 ? longestPauseWithoutKeys : longestPause, firstPause * 2 ** this.#failures++)
      this.#failedAt = now()
      this.#retryAt = this.#failedAt + pause
      this.#later(pause)
      this.#options.failed(error, this.#known().length, this.#failures)
      throw error
    }
  }

  /** An unchanged key keeps its object, and so the cache entries of its tokens stay valid. */
  async #ready (material: KeyMaterial): Promise<VerifyingKey> {
    const same = this.#keys.find(({
      kid,
      key,
      algorithms
    }) => kid === material.kid && key === material.key && algorithms.join() === material.algorithms.join())
    return same ?? await this.#options.make(material)
  }

  #later (wait: number): void {
    if (this.#closed) return
    this.#callOff = this.#options.after(wait, () => { this.load().catch(() => {}) })
  }
}
