/** Limits how often a token can be guessed at the login: wrong ones of the last minute, of one address and in all. */

/** Milliseconds for which a wrong token counts. */
const period = 60_000

/** Most wrong tokens within the period, of one address and of all together. */
const mostOfAddress = 5
const mostInAll = 20

export class LoginAttempts {
  /** The wrong tokens of the period, the oldest first. Never more than are allowed, as none is judged beyond. */
  #wrong: { readonly address: string, readonly at: number }[] = []

  /** Milliseconds until a token of this address is judged; 0 for at once. `now` is of a clock that never jumps. */
  wait (address: string, now: number): number {
    this.#wrong = this.#wrong.filter(({ at }) => now < at + period)
    const own = this.#wrong.filter(one => one.address === address)
    const until = Math.max(freeAt(own, mostOfAddress), freeAt(this.#wrong, mostInAll))
    return Math.max(0, until - now)
  }

  /** Counts a wrong token. To be called only where {@link wait} has said 0. */
  count (address: string, now: number): void {
    this.#wrong.push({ address, at: now })
  }
}

/** When fewer than `most` of them count. */
function freeAt (wrong: readonly { readonly at: number }[], most: number): number {
  return wrong.length < most ? -Infinity : wrong.at(-most)!.at + period
}
