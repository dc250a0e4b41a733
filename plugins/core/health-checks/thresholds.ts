/** Derives health from probes: it changes only after several equal results in a row, so that a single failure has no effect. */

import { Flapping, flappingCells, type FlappingOptions } from './flapping.ts'
import { describeProbeCause } from './probe-cause.ts'

/** How many probes in a row it takes. */
export interface ThresholdOptions {
  readonly healthyAfter: number
  readonly unhealthyAfter: number
  readonly flapping: FlappingOptions
  /** Of a probe, in milliseconds; for the description. */
  readonly timeout: number
}

/** `unknown`, the state before enough is known, counts as healthy. State keeps the position. */
const healths = ['unknown', 'healthy', 'unhealthy'] as const
const [unknown, healthy, unhealthy] = [0, 1, 2] as const

export type Health = typeof healths[number]

/** Positions of the cells. Those of {@link Flapping} follow. */
const cell = {
  health: 0,
  /** Probes in a row that passed, or that failed; one of them is always 0. */
  passed: 1,
  failed: 2,
  /** The cause of the last failure. */
  cause: 3,
  /** When the last probe ended, and how long it took. */
  probedAt: 4,
  took: 5
} as const
const flappingAt = 6

/** The last probe of a target. */
export interface LastProbe {
  /** When it ended. */
  readonly at: number
  readonly passed: boolean
  /** How long it took, in milliseconds. */
  readonly took: number
  /** Why it failed, in words. */
  readonly why: string | undefined
}

/** The cells of a target that was never asked. */
export function thresholdCells ({ flapping }: Pick<ThresholdOptions, 'flapping'>): readonly number[] {
  return [unknown, 0, 0, 0, -Infinity, 0, ...flappingCells(flapping)]
}

/** Times are milliseconds of a clock that never jumps. */
export class Thresholds {
  readonly #options: ThresholdOptions
  readonly #cells: Float64Array
  readonly #flapping: Flapping

  /** @param cells its state, as {@link thresholdCells} at the beginning */
  constructor (options: ThresholdOptions, cells: Float64Array = Float64Array.from(thresholdCells(options))) {
    this.#options = options
    this.#cells = cells
    this.#flapping = new Flapping(options.flapping, cells.subarray(flappingAt))
  }

  get health (): Health {
    return healths[this.#cells[cell.health]!]!
  }

  get healthy (): boolean {
    return this.#cells[cell.health] !== unhealthy
  }

  /** Healthy, and the last probe said so too. */
  get calm (): boolean {
    return this.#cells[cell.health] === healthy && this.#cells[cell.failed] === 0
  }

  /** When its health has changed last; -Infinity for one that has always been well. */
  get since (): number {
    return this.#flapping.lastAt
  }

  /** Undefined before the first. */
  get lastProbe (): LastProbe | undefined {
    const cells = this.#cells
    if (cells[cell.probedAt] === -Infinity) return undefined
    const passed = cells[cell.failed] === 0
    const why = passed ? undefined : describeProbeCause(cells[cell.cause]!, this.#options.timeout)
    return { at: cells[cell.probedAt]!, passed, took: cells[cell.took]!, why }
  }

  /** Records a passed probe that took so many milliseconds. The very first one is enough to be healthy. */
  pass (now: number, took: number): void {
    const cells = this.#cells
    cells[cell.probedAt] = now
    cells[cell.took] = took
    cells[cell.passed]!++
    cells[cell.failed] = 0
    if (cells[cell.health] === unknown) cells[cell.health] = healthy
    else if (cells[cell.health] === unhealthy && cells[cell.passed]! >= this.#needed(now)) this.#become(healthy, now)
  }

  /** Records a failed probe that took so many milliseconds. */
  fail (cause: number, now: number, took: number): void {
    const cells = this.#cells
    cells[cell.probedAt] = now
    cells[cell.took] = took
    cells[cell.failed]!++
    cells[cell.passed] = 0
    cells[cell.cause] = cause
    if (this.healthy && cells[cell.failed]! >= this.#options.unhealthyAfter) this.#become(unhealthy, now)
  }

  /** The result of the last probes in words; undefined before the first. */
  describe (now: number): string | undefined {
    const cells = this.#cells
    const [passed, failed] = [cells[cell.passed]!, cells[cell.failed]!]
    const last = describeProbeCause(cells[cell.cause]!, this.#options.timeout)
    if (failed > 0) return `${count(failed)} failed, last: ${last}`
    if (passed === 0) return undefined
    if (this.healthy) return `${count(passed)} passed`
    const flaps = this.#flapping.factor(now) > 1 ? ', more than usual because it comes and goes' : ''
    return `${passed} of ${this.#needed(now)} probes passed${flaps}, before: ${last}`
  }

  #needed (now: number): number {
    return this.#options.healthyAfter * this.#flapping.factor(now)
  }

  #become (health: number, now: number): void {
    this.#cells[cell.health] = health
    this.#flapping.changed(now)
  }
}

function count (probes: number): string {
  return probes === 1 ? '1 probe' : `${probes} probes`
}
