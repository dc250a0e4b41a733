/** Tokens that have been verified, so that each costs its signature check once. */

/**
 * Beyond this many characters V8 no longer hashes all of a text but goes by its length, and texts of one length would share one place in a
 * map; well below it a token is an ordinary one, and so many of them are not too much to keep.
 */
const longest = 4096

/**
 * Two maps: what is used moves to the young one, and when that is full the old one is forgotten. So at most `maximum`
 * tokens are kept, those in use among them, and finding one is a single look-up. V8 hashes with a seed of the process,
 * so nobody can choose tokens that collide.
 */
export class VerifiedTokenCache<V> {
  readonly #half: number
  #young = new Map<string, V>()
  #old = new Map<string, V>()

  /** @param maximum most tokens; 0 keeps none */
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
