/**
 * The keys that an issuer publishes, as one thread knows them. The task that fetches them is asked when a token names an unknown key.
 * While the issuer is unavailable the last good keys stay in use.
 */

import { ServiceUnavailable } from '../../../src/index.ts'
import { mayFetch, nameOf, noKeys, type KeysState } from './key-fetching.ts'
import type { KeyMaterial } from './key.ts'
import { candidates, type KeySource, type TokenHead, type VerifyingKey } from './key-source.ts'

export interface RemoteKeysOptions {
  readonly make: (material: KeyMaterial) => Promise<VerifyingKey>
  /** Monotonic milliseconds. */
  readonly now: () => number
}

function isReady (key: VerifyingKey | Promise<VerifyingKey> | undefined): key is VerifyingKey {
  return key !== undefined && !(key instanceof Promise)
}

export class RemoteKeys implements KeySource {
  /** Asks for the keys to be fetched again. Resolves when the result has been learned. Set by every generation. */
  ask: () => Promise<void> = async () => {}
  readonly #options: RemoteKeysOptions
  readonly #first = Promise.withResolvers<void>()
  /** Keys that are ready, and those that are being made ready, by the text of {@link nameOf}. */
  readonly #made = new Map<string, VerifyingKey | Promise<VerifyingKey>>()
  #state = noKeys
  /** Set while the keys of the newest state are made ready. */
  #preparing: Promise<void> | undefined
  #asking: Promise<void> | undefined
  #keys: readonly VerifyingKey[] = []
  #held: ReadonlySet<VerifyingKey> = new Set()
  #goodUntil = -Infinity

  constructor (options: RemoteKeysOptions) {
    this.#options = options
  }

  /** Resolves when the first fetch is over and its keys are ready. */
  get fetched (): Promise<void> {
    return this.#first.promise
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

  /** Takes over a newer state. Its keys are used as soon as they are ready: at once where none is new. */
  learn (state: KeysState): void {
    if (state === this.#state) return
    this.#state = state
    const ready = state.keys.map(material => this.#made.get(nameOf(material)))
    if (ready.every(isReady)) {
      this.#use(state, ready)
      return
    }
    const preparing = this.#preparing = this.#prepare(state).finally(() => {
      if (this.#preparing === preparing) this.#preparing = undefined
    })
  }

  /** Makes keys ready. Rejects when one of them cannot be used. */
  async prepare (materials: readonly KeyMaterial[]): Promise<readonly VerifyingKey[]> {
    return await Promise.all(materials.map(async material => await this.#ready(material)))
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
    if (this.#preparing !== undefined) {
      await this.#preparing
      if (this.knows(head)) return candidates(this.#known(), head)
    }
    for (let round = 0; round < 2; round++) {
      if (!this.#state.fetching && !mayFetch(this.#state, this.#options.now())) break
      await this.#askOnce()
      await this.#preparing
      if (this.#known().length === 0) throw this.#unavailable()
      if (this.knows(head)) return candidates(this.#known(), head)
    }
    return []
  }

  /** A question is a message: callers share it. */
  async #askOnce (): Promise<void> {
    this.#asking ??= this.ask().finally(() => { this.#asking = undefined })
    await this.#asking
  }

  /** An error of another thread has lost its class. */
  #unavailable (): ServiceUnavailable {
    const { failure } = this.#state
    if (failure instanceof ServiceUnavailable) return failure
    return new ServiceUnavailable((failure as Error | undefined)?.message ?? 'the keys of the issuer have not been fetched', {
      cause: failure
    })
  }

  async #prepare (state: KeysState): Promise<void> {
    // The task that fetches them has prepared them before, so this does not fail in one thread alone.
    const keys = await this.prepare(state.keys).catch(() => this.#keys)
    if (state === this.#state) this.#use(state, keys)
  }

  #use ({ keys: materials, goodUntil, fetching }: KeysState, keys: readonly VerifyingKey[]): void {
    this.#keys = keys
    this.#held = new Set(keys)
    this.#goodUntil = goodUntil
    const names = new Set(materials.map(nameOf))
    for (const name of this.#made.keys()) if (!names.has(name)) this.#made.delete(name)
    if (!fetching) this.#first.resolve()
  }

  /** An unchanged key keeps its object, and so the cache entries of its tokens stay valid. */
  async #ready (material: KeyMaterial): Promise<VerifyingKey> {
    const name = nameOf(material)
    const known = this.#made.get(name)
    if (known !== undefined) return await known
    const making = this.#options.make(material)
    this.#made.set(name, making)
    try {
      const made = await making
      this.#made.set(name, made)
      return made
    } catch (error) {
      this.#made.delete(name)
      throw error
    }
  }
}
