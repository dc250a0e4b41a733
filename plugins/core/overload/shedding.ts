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

/** Positions of the cells. */
const cell = {
  level: 0,
  delay: 1,
  /** Level that the last window asked for. */
  asked: 2,
  /** Since when the delay is low enough for less; NaN when it is not. */
  calmSince: 3
} as const

/** The cells of a gateway that sheds nothing. */
export const sheddingCells: readonly number[] = [0, 0, 0, NaN]

export class Shedding {
  readonly #options: SheddingOptions
  readonly #cells: Float64Array

  /** @param cells its state, as {@link sheddingCells} at the beginning */
  constructor (options: SheddingOptions, cells: Float64Array = Float64Array.from(sheddingCells)) {
    this.#options = options
    this.#cells = cells
  }

  /** Requests of a rank below it are shed. */
  get level (): Rank {
    return this.#cells[cell.level] as Rank
  }

  /** What was measured last, in milliseconds. */
  get delay (): number {
    return this.#cells[cell.delay]!
  }

  /** Takes the delay of one window, in milliseconds; returns the level from now on. */
  observe (delay: number, now: number): Rank {
    const cells = this.#cells
    const asked = levelOf(delay / this.#options.eventLoopDelay)
    const sustained = Math.min(asked, cells[cell.asked]!)
    cells[cell.asked] = asked
    cells[cell.delay] = delay
    if (sustained > this.level) {
      cells[cell.level] = sustained
      cells[cell.calmSince] = NaN
    } else if (this.level > 0) {
      this.#calm(delay, now)
    }
    return this.level
  }

  #calm (delay: number, now: number): void {
    const { eventLoopDelay, calmFor } = this.#options
    const cells = this.#cells
    if (delay >= eventLoopDelay * 2 ** (this.level - 1) / 2) {
      cells[cell.calmSince] = NaN
      return
    }
    const since = cells[cell.calmSince]!
    if (Number.isNaN(since)) cells[cell.calmSince] = now
    else if (now - since >= calmFor) {
      cells[cell.level]!--
      cells[cell.calmSince] = now
    }
  }
}

/** 1 from the threshold on, 2 from twice, 3 from four times. */
function levelOf (ratio: number): Rank {
  return ratio >= 4 ? 3 : ratio >= 2 ? 2 : ratio >= 1 ? 1 : 0
}
