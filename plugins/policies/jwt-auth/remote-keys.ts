/**
 * Keys that the issuer publishes (RFC 7517 §5): fetched before the first request, again before they are too old, and at
 * once when a token names one that is not among them. The last good ones stay while the issuer does not answer.
 */

import { LookupSkipped } from '../../../src/index.ts'
import type { KeyMaterial } from './key.ts'
import { candidates, type KeySource, type TokenHead, type VerifyingKey } from './key-source.ts'

/** What the issuer publishes now. */
export interface PublishedKeys {
  readonly keys: readonly KeyMaterial[]
  /** Milliseconds until they are to be fetched again. */
  readonly freshFor: number
}

export interface RemoteKeysOptions {
  /** Throws ServiceUnavailable when there is no usable answer. */
  readonly fetch: () => Promise<PublishedKeys>
  readonly make: (material: KeyMaterial) => Promise<VerifyingKey>
  /** Milliseconds beyond their time for which keys serve while there is no answer. */
  readonly staleFor: number
  /** Least milliseconds between two fetches for the sake of unknown keys, when the first brought nothing new. */
  readonly coolDown: number
  /** Monotonic milliseconds. */
  readonly now: () => number
  readonly random: () => number
  /** Calls once after so many milliseconds; what it gives calls it off. */
  readonly after: (wait: number, call: () => void) => () => void
  /** Called for every failure; `row` counts those in a row. */
  readonly failed: (error: unknown, keysLeft: number, row: number) => void
  /** Called for the first success after failures. */
  readonly recovered: () => void
}

/** Milliseconds before fetching again after the first failure, doubled with each. */
const firstPause = 1000
const longestPause = 30_000
/** The same while there are no good keys, so that everybody waits: an issuer that is back must not find the gateway asleep. */
const longestPauseWithoutKeys = 5000
/** Milliseconds of cool-down after a fetch that brought a new key: who asked for it made nothing up. */
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

  /** Fetches, once for all who ask at one time. */
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

  /** A key of this name that does not fit what the token says: there is nothing to ask the issuer. */
  #names ({ kid }: TokenHead): boolean {
    return kid !== undefined && this.#known().some(key => key.kid === kid)
  }

  /**
   * The answer that is on its way may be older than the token: then one that was asked for later counts. Whoever comes
   * while that is on its way waits for it too, so none of those who came with a new key is refused.
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
      // The last good keys may have ended since the pause was chosen.
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
      // Well before they are old, and gateways that started together not together.
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

  /** A key that stays is the same one, and with it what is remembered of its tokens. */
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
