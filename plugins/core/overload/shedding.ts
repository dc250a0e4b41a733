/**
 * How much to shed while the event loop lags: a level from 0 (nothing) to 3 (all but critical). Each level has twice the threshold of the
 * one below it. It rises when two windows in a row are above, because one may be a single collection of garbage; it falls by one when
 * the delay has stayed below half of its threshold for a while, because what was shed comes back.
 */

import type { Rank } from './priority.ts'

export interface SheddingOptions {
  /** Delay of the event loop, in milliseconds, from which on `low` is shed; `normal` at twice and `high` at four times as much. */
  readonly eventLoopDelay: number
  /** How long it must be calm before the level falls by one, in milliseconds. */
  readonly calmFor: number
}

export class Shedding {
  readonly #options: SheddingOptions
  #level: Rank = 0
  #delay = 0
  /** Level that the last window asked for. */
  #asked: Rank = 0
  /** Since when the delay is low enough for less. */
  #calmSince: number | undefined

  constructor (options: SheddingOptions) {
    this.#options = options
  }

  /** Requests of a rank below it are shed. */
  get level (): Rank {
    return this.#level
  }

  /** What was measured last, in milliseconds. */
  get delay (): number {
    return this.#delay
  }

  /** Takes the delay of one window, in milliseconds; returns the level from now on. */
  observe (delay: number, now: number): Rank {
    const asked = levelOf(delay / this.#options.eventLoopDelay)
    const sustained = Math.min(asked, this.#asked) as Rank
    this.#asked = asked
    this.#delay = delay
    if (sustained > this.#level) {
      this.#level = sustained
      this.#calmSince = undefined
    } else if (this.#level > 0) {
      this.#calm(delay, now)
    }
    return this.#level
  }

  /** An independent copy of the state. */
  copy (): Shedding {
    const copy = new Shedding(this.#options)
    copy.#level = this.#level
    copy.#delay = this.#delay
    copy.#asked = this.#asked
    copy.#calmSince = this.#calmSince
    return copy
  }

  #calm (delay: number, now: number): void {
    const { eventLoopDelay, calmFor } = this.#options
    if (delay >= eventLoopDelay * 2 ** (this.#level - 1) / 2) {
      this.#calmSince = undefined
      return
    }
    this.#calmSince ??= now
    if (now - this.#calmSince < calmFor) return
    this.#level = (this.#level - 1) as Rank
    this.#calmSince = now
  }
}

/** 1 from the threshold on, 2 from twice, 3 from four times. */
function levelOf (ratio: number): Rank {
  return ratio >= 4 ? 3 : ratio >= 2 ? 2 : ratio >= 1 ? 1 : 0
}
