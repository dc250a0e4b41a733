/** What the series of a metric have counted since the last look. */

import type { ReadableMetric, ReadableSeries } from '../../../src/index.ts'

/**
 * Called for a series that has a value.
 * @param numbers what it has counted since the start; valid during the call
 * @param increase what of it is new; valid during the call
 */
export type Visit = (labels: ReadableSeries['labels'], numbers: Float64Array, increase: Float64Array) => void

export class Increases {
  readonly #known = new Map<ReadableSeries, { readonly before: Float64Array, round: number }>()
  #round = 0
  #numbers = new Float64Array(1)
  #increase = new Float64Array(1)

  /** What is there at the first look is not new. A series that comes later begins at 0. */
  look (metric: ReadableMetric | undefined, visit: Visit): void {
    const round = this.#round++
    for (const series of metric?.all ?? []) this.#visit(series, round, visit)
    for (const [series, known] of this.#known) if (known.round !== round) this.#known.delete(series)
  }

  #visit (series: ReadableSeries, round: number, visit: Visit): void {
    const { size } = series
    if (this.#numbers.length !== size) {
      this.#numbers = new Float64Array(size)
      this.#increase = new Float64Array(size)
    }
    const [numbers, increase] = [this.#numbers, this.#increase]
    series.read(numbers)
    if (Number.isNaN(numbers[0])) return
    let known = this.#known.get(series)
    if (known === undefined) {
      known = { before: round === 0 ? numbers.slice() : new Float64Array(size), round }
      this.#known.set(series, known)
    }
    known.round = round
    const { before } = known
    for (let number = 0; number < size; number++) {
      // A series that was reset goes back.
      increase[number] = Math.max(0, numbers[number]! - before[number]!)
      before[number] = numbers[number]!
    }
    visit(series.labels, numbers, increase)
  }
}
