/** The load of a target. Its numbers outlive a generation, so that a reload forgets no attempt. */

import type { Reason } from '../contract/errors.ts'
import type { DialFailure, ReachListener, TargetLoad } from '../contract/target.ts'
import { causeReason, reasonCause } from './cause.ts'

/** Positions of the cells. */
const cell = {
  active: 0,
  opened: 1,
  openedAt: 2,
  /** 1 when a gate was closed at the last selection. */
  closed: 3,
  /** When the last connection failed, NaN while none has, and why. */
  failedAt: 4,
  cause: 5
} as const

/** The cells of a target without attempts. */
export function loadCells (openedAt = -Infinity): readonly number[] {
  return [0, 0, openedAt, 0, NaN, 0]
}

/** Who hears whether a target can be reached: the listener of the newest generation. */
export interface Reach {
  listener: ReachListener | undefined
}

export class KeptLoad implements TargetLoad {
  readonly #cells: Float64Array
  readonly #reach: Reach

  /** @param cells its state, as {@link loadCells} at the beginning */
  constructor (cells: Float64Array = Float64Array.from(loadCells()), reach: Reach = { listener: undefined }) {
    this.#cells = cells
    this.#reach = reach
  }

  get active (): number {
    return this.#cells[cell.active]!
  }

  set active (count: number) {
    this.#cells[cell.active] = count
  }

  get opened (): number {
    return this.#cells[cell.opened]!
  }

  get openedAt (): number {
    return this.#cells[cell.openedAt]!
  }

  set openedAt (time: number) {
    this.#cells[cell.openedAt] = time
  }

  get closed (): boolean {
    return this.#cells[cell.closed] === 1
  }

  set closed (closed: boolean) {
    this.#cells[cell.closed] = closed ? 1 : 0
  }

  get failure (): DialFailure | undefined {
    const at = this.#cells[cell.failedAt]!
    return Number.isNaN(at) ? undefined : { at, why: causeReason(this.#cells[cell.cause]!)! }
  }

  get listener (): ReachListener | undefined {
    return this.#reach.listener
  }

  set listener (listener: ReachListener | undefined) {
    this.#reach.listener = listener
  }

  /** A connection was opened. */
  connected (): void {
    this.#cells[cell.opened]!++
    this.reached()
  }

  /** No connection could be made; `opened` is how many there had been when it was begun: one that was opened since proves more. */
  failed (reason: Reason, opened: number, now: number): void {
    // Errors of this machine say nothing about the target.
    if (reason.fault !== 'upstream' || opened < this.opened) return
    const first = this.failure === undefined
    this.#cells[cell.failedAt] = now
    this.#cells[cell.cause] = reasonCause(reason.code)
    if (first) this.listener?.(this.failure)
  }

  reached (): void {
    if (this.failure === undefined) return
    this.#cells[cell.failedAt] = NaN
    this.listener?.(undefined)
  }
}
