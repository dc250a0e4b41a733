/** The record of one target for outlier ejection. Times are milliseconds. */

/** Reasons for an ejection. State keeps the position. */
const outlierReasons = ['consecutive-5xx', 'consecutive-gateway-failures', 'success-rate'] as const

/** Names of the reasons for an ejection. */
export type OutlierReason = typeof outlierReasons[number]

/** Positions of the cells. */
const cell = {
  serverErrors: 0,
  gatewayFailures: 1,
  requests: 2,
  successes: 3,
  ejectedAt: 4,
  ejectedUntil: 5,
  ejections: 6,
  /** Position in `outlierReasons`, and the numbers of its description. */
  reason: 7,
  part: 8,
  all: 9,
  /** 1 when the target was last reported to be healthy. */
  told: 10,
  /** When that was reported. */
  since: 11
} as const

/** The cells of a new target. */
export const outlierCells: readonly number[] = [0, 0, 0, 0, -Infinity, -Infinity, 0, 0, 0, 0, 1, -Infinity]

export class OutlierRecord {
  readonly #cells: Float64Array

  /** @param cells its state, as {@link outlierCells} at the beginning */
  constructor (cells: Float64Array = Float64Array.from(outlierCells)) {
    this.#cells = cells
  }

  /** Server errors in a row. */
  get serverErrors (): number {
    return this.#cells[cell.serverErrors]!
  }

  /** Gateway failures in a row. */
  get gatewayFailures (): number {
    return this.#cells[cell.gatewayFailures]!
  }

  /** Requests in this interval. */
  get requests (): number {
    return this.#cells[cell.requests]!
  }

  /** Those of them that were good. */
  get successes (): number {
    return this.#cells[cell.successes]!
  }

  get ejectedAt (): number {
    return this.#cells[cell.ejectedAt]!
  }

  get ejectedUntil (): number {
    return this.#cells[cell.ejectedUntil]!
  }

  /** Factor of the last ejection's length. */
  get ejections (): number {
    return this.#cells[cell.ejections]!
  }

  /** Of the last ejection. */
  get reason (): OutlierReason {
    return outlierReasons[this.#cells[cell.reason]!]!
  }

  get told (): boolean {
    return this.#cells[cell.told] === 1
  }

  get since (): number {
    return this.#cells[cell.since]!
  }

  /** It is reported to be healthy, or not to be. */
  tell (healthy: boolean, now: number): void {
    this.#cells[cell.told] = healthy ? 1 : 0
    this.#cells[cell.since] = now
  }

  /** Counts one request. */
  count (success: boolean, serverError: boolean, gatewayFailure: boolean): void {
    const cells = this.#cells
    cells[cell.requests]!++
    if (success) cells[cell.successes]!++
    cells[cell.serverErrors] = serverError ? this.serverErrors + 1 : 0
    cells[cell.gatewayFailures] = gatewayFailure ? this.gatewayFailures + 1 : 0
  }

  /** Begins a new interval. */
  startInterval (): void {
    this.#cells[cell.requests] = 0
    this.#cells[cell.successes] = 0
  }

  /** Records an ejection. The numbers that led to it are kept for its description. */
  eject (reason: OutlierReason, ejections: number, now: number, until: number): void {
    const cells = this.#cells
    cells[cell.part] = reason === 'success-rate' ? this.successes : reason === 'consecutive-5xx' ? this.serverErrors : this.gatewayFailures
    cells[cell.all] = this.requests
    cells[cell.reason] = outlierReasons.indexOf(reason)
    cells[cell.ejections] = ejections
    cells[cell.ejectedAt] = now
    cells[cell.ejectedUntil] = until
    cells[cell.serverErrors] = 0
    cells[cell.gatewayFailures] = 0
  }

  /** The last ejection in words. */
  describe (): string {
    const part = this.#cells[cell.part]!
    switch (this.reason) {
      case 'consecutive-5xx': return `${part} server errors in a row`
      case 'consecutive-gateway-failures': return `${part} gateway failures in a row`
      case 'success-rate': return `${part} of ${this.#cells[cell.all]!} requests were good, fewer than elsewhere`
    }
  }
}
