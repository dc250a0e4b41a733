/** The load of a target. Its numbers outlive a generation, so that a reload forgets no attempt. */

import type { Reason } from '../contract/errors.ts'
import type { Count, Lock } from '../contract/state.ts'
import type { DialFailure, ReachListener, TargetLoad } from '../contract/target.ts'
import { LocalMemory, noLock } from '../state/local-memory.ts'
import { causeReason, reasonCause } from './cause.ts'

/** Positions of the cells. */
const cell = {
  opened: 0,
  openedAt: 1,
  /** 1 when a gate was closed at the last selection. */
  closed: 2,
  /** When the last connection failed, NaN while none has, and why. */
  failedAt: 3,
  cause: 4,
  /** When the first of the connections failed that have failed in a row. */
  failingSince: 5
} as const

/** The cells of a target without attempts. */
export function loadCells (openedAt = -Infinity): readonly number[] {
  return [0, openedAt, 0, NaN, 0, 0]
}

/** The part of a load that is about this thread. */
export interface LoadHere {
  /** Attempts of this thread. */
  active: number
  /** Who hears whether the target can be reached: the listener of the newest generation. */
  listener: ReachListener | undefined
}

/** The part of a load of a thread without attempts. */
export function loadHere (): LoadHere {
  return { active: 0, listener: undefined }
}

/** What a load is made from. */
export interface LoadParts {
  /** Attempts of all threads. */
  readonly active: Count
  readonly here: LoadHere
  /** That of the upstream. */
  readonly lock: Lock
}

export class KeptLoad implements TargetLoad {
  readonly #cells: Float64Array
  readonly #active: Count
  readonly #here: LoadHere
  readonly #lock: Lock

  /**
   * @param cells its state, as {@link loadCells} at the beginning
   * @param parts by default those of a thread that is alone
   */
  constructor (
    cells: Float64Array = Float64Array.from(loadCells()),
    { active, here, lock }: LoadParts = { active: new LocalMemory().count(), here: loadHere(), lock: noLock }
  ) {
    this.#cells = cells
    this.#active = active
    this.#here = here
    this.#lock = lock
  }

  get active (): number {
    return this.#active.value
  }

  get here (): number {
    return this.#here.active
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
    return Number.isNaN(at) ? undefined : { at, since: this.#cells[cell.failingSince]!, why: causeReason(this.#cells[cell.cause]!)! }
  }

  get listener (): ReachListener | undefined {
    return this.#here.listener
  }

  set listener (listener: ReachListener | undefined) {
    this.#here.listener = listener
  }

  enter (): void {
    this.#active.add(1)
    this.#here.active++
  }

  leave (): void {
    this.#active.add(-1)
    this.#here.active--
  }

  /** A connection was opened. */
  connected (): void {
    this.#lock.acquire()
    try {
      this.#cells[cell.opened]!++
      this.reached()
    } finally {
      this.#lock.release()
    }
  }

  /** No connection could be made; `opened` is how many there had been when it was begun: one that was opened since proves more. */
  failed (reason: Reason, opened: number, now: number): void {
    // Errors of this machine say nothing about the target.
    if (reason.fault !== 'upstream') return
    this.#lock.acquire()
    try {
      if (opened < this.opened) return
      const first = this.failure === undefined
      if (first) this.#cells[cell.failingSince] = now
      this.#cells[cell.failedAt] = now
      this.#cells[cell.cause] = reasonCause(reason.code)
      if (first) this.listener?.(this.failure)
    } finally {
      this.#lock.release()
    }
  }

  reached (): void {
    if (this.failure === undefined) return
    this.#lock.acquire()
    try {
      // Another thread may have told it meanwhile.
      if (this.failure === undefined) return
      this.#cells[cell.failedAt] = NaN
      this.listener?.(undefined)
    } finally {
      this.#lock.release()
    }
  }
}
