/** A number that all threads add to: each has a part that only it changes. */

import type { Count } from '../../contract/state.ts'
import { lineWords, lostAt, type SharedSpace } from './shared-space.ts'

/**
 * A part is two words: `high` times 2^30, and `low`. One word is too small for bytes, and numbers of 64 bits would each be a BigInt.
 * While a thread carries from one word to the other, which it does once in 2^30, others may see 2^30 too many.
 */
const carry = 2 ** 30
const highAt = 1

export class SharedCount implements Count {
  readonly #words: Int32Array
  readonly #at: number
  readonly #columns: number
  readonly #own: number

  constructor ({ words, columns, thread }: SharedSpace, at: number) {
    this.#words = words
    this.#at = at
    this.#columns = columns
    this.#own = at + thread * lineWords
  }

  get value (): number {
    const words = this.#words
    // What is loaded behind it is not older: see node-whole-doubles.ts. An atomic load of each would cost a call.
    Atomics.load(words, this.#own)
    let sum = 0
    for (let column = 0, at = this.#at; column < this.#columns; column++, at += lineWords) {
      sum += words[at]! + carry * words[at + highAt]!
    }
    return sum
  }

  get lost (): number {
    return this.#words[lostAt]!
  }

  add (amount: number): void {
    const words = this.#words
    const own = this.#own
    const low = words[own]! + amount
    if (low < carry && low > -carry) {
      Atomics.store(words, own, low)
      return
    }
    const carried = Math.floor(low / carry)
    if (carried > 0) Atomics.add(words, own + highAt, carried)
    Atomics.store(words, own, low - carried * carry)
    if (carried < 0) Atomics.add(words, own + highAt, carried)
  }

  /** The thread has died: its part goes. */
  died (thread: number): void {
    const at = this.#at + thread * lineWords
    Atomics.store(this.#words, at, 0)
    Atomics.store(this.#words, at + highAt, 0)
  }
}

/** Lines of a count of so many threads. */
export function countLines (columns: number): number {
  return columns
}
