/** The budget of extra attempts of an upstream. */

import type { AttemptBudget } from '../../contract/retries.ts'
import type { Count, Lock } from '../../contract/state.ts'
import { LocalMemory, noLock } from '../../state/local-memory.ts'

/** Positions of the cells. */
const cell = {
  /** Tokens for extra attempts. */
  saved: 0,
  /** First attempts that began in this window and in the previous one. */
  begun: 1,
  begunBefore: 2,
  windowEnds: 3
} as const

/** The cells of an upstream without attempts. */
export const retryBudgetCells: readonly number[] = [0, 0, 0, -Infinity]

/** What a budget is made from, beside its cells. */
export interface RetryBudgetParts {
  /** First attempts under way. */
  readonly first: Count
  /** Extra attempts under way, including those in their back-off. */
  readonly extra: Count
  /** That of the upstream. */
  readonly lock: Lock
}

function partsAlone (): RetryBudgetParts {
  const memory = new LocalMemory()
  return { first: memory.count(), extra: memory.count(), lock: noLock }
}

/**
 * Limits the extra attempts of an upstream, so that retries do not make an outage worse.
 *
 * A token bucket, as in Finagle and gRPC: each first attempt adds `ratio` tokens, an extra attempt takes one, and unused tokens are kept
 * for about a second. With a ratio of 0.2 at most a fifth more attempts are made over time. Yet when one of three targets fails with a
 * third of all requests, each of them can be repeated; a limit of concurrent retries, such as Envoy's, would let most of those fail. Under
 * low load, when the tokens of recent requests are fewer than `floor`, so many concurrent extra attempts are free.
 */
export class RetryBudget implements AttemptBudget {
  readonly #ratio: number
  readonly #floor: number
  readonly #cells: Float64Array
  readonly #parts: RetryBudgetParts

  /**
   * @param ratio tokens for each first attempt, from 0 to 1
   * @param floor concurrent extra attempts that need no token
   * @param cells its state, as {@link retryBudgetCells} at the beginning
   * @param parts by default those of a thread that is alone
   */
  constructor (ratio: number, floor: number, cells: Float64Array = Float64Array.from(retryBudgetCells), parts = partsAlone()) {
    this.#ratio = ratio
    this.#floor = floor
    this.#cells = cells
    this.#parts = parts
  }

  /** A first attempt begins. `now` is the gateway's monotonic clock. */
  begin (now: number): void {
    const { first, lock } = this.#parts
    first.add(1)
    lock.acquire()
    try {
      this.#turn(now)
      this.#cells[cell.begun]!++
      this.#cells[cell.saved] = Math.min(this.#cells[cell.saved]! + this.#ratio, Math.max(1, this.#recent * this.#ratio))
    } finally {
      lock.release()
    }
  }

  /** Its exchange is over. */
  end (): void {
    this.#parts.first.add(-1)
  }

  /** Takes an extra attempt. Returns whether it is granted; a granted one must be given back with {@link release}. */
  take (): boolean {
    const { lock } = this.#parts
    lock.acquire()
    try {
      return this.#take()
    } finally {
      lock.release()
    }
  }

  /** An extra attempt is over. */
  release (): void {
    this.#parts.extra.add(-1)
  }

  /** For the admin page. */
  get state (): { readonly first: number, readonly extra: number, readonly saved: number } {
    return { first: this.#parts.first.value, extra: this.#parts.extra.value, saved: Math.floor(this.#cells[cell.saved]!) }
  }

  #take (): boolean {
    const { extra } = this.#parts
    const quiet = this.#recent * this.#ratio < this.#floor && extra.value < this.#floor
    if (!quiet) {
      if (this.#cells[cell.saved]! < 1) return false
      this.#cells[cell.saved]!--
    }
    extra.add(1)
    return true
  }

  get #recent (): number {
    return this.#cells[cell.begun]! + this.#cells[cell.begunBefore]!
  }

  #turn (now: number): void {
    if (now < this.#cells[cell.windowEnds]!) return
    this.#cells[cell.begunBefore] = now < this.#cells[cell.windowEnds]! + windowLength ? this.#cells[cell.begun]! : 0
    this.#cells[cell.begun] = 0
    this.#cells[cell.windowEnds] = now + windowLength
  }
}

/** In milliseconds. The saved tokens are those of the current window and the previous one. */
const windowLength = 1000
