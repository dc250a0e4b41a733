/** A cache of verified tokens, so that a signature is checked once per token. */

/**
 * Above a certain length V8 derives the hash of a string from its length alone, so strings of one length would collide
 * in a map. Tokens are usually well below this limit, which also bounds the memory.
 */
const longest = 4096

/**
 * Two maps: a token in use moves to the young one, and when that is full the old one is dropped. So at most `maximum`
 * tokens are kept, including those in use, and most look-ups need one map access. V8 seeds its hashes per process, so a
 * client cannot choose tokens that collide.
 */
export class VerifiedTokenCache<V> {
  readonly #half: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  /** @param maximum the most tokens; 0 disables the cache */
  constructor (maximum: number) {
    this.#half = Math.ceil(maximum / 2)
  }

  get size (): number {
    return this.#young.size + this.#old.size
  }

  get (token: string): V | undefined {
    const value = this.#young.get(token)
    if (value !== undefined) return value
    const older = this.#old.get(token)
    if (older !== undefined) {
      this.#old.delete(token)
      this.set(token, older)
    }
    return older
  }

  set (token: string, value: V): void {
    if (this.#half === 0 || token.length > longest) return
    if (this.#young.size >= this.#half) {
      this.#old = this.#young
      this.#young = new Map()
    }
    this.#young.set(token, value)
  }

  delete (token: string): void {
    this.#young.delete(token)
    this.#old.delete(token)
  }
}
