/** What the series of a metric have counted since the last look. */

import type { ReadableMetric, ReadableSeries } from '../../../src/index.ts'

/**
 * Called for a series that has counted. Both are valid during the call.
 * @param increase what it has counted since the last look
 * @param grown what is to be added to totals: the same, or all that it has counted where totals begin anew
 */
export type Visit = (labels: ReadableSeries['labels'], increase: Float64Array, grown: Float64Array) => void

export class Increases {
  readonly #known = new Map<ReadableSeries, { readonly before: Float64Array, round: number }>()
  readonly #first = new Float64Array(1)
  #round = 0
  #numbers = new Float64Array(1)
  #increase = new Float64Array(1)

  /**
   * Visits the series that have counted since the last look. What is there at the first look is not new. A series that comes later begins
   * at 0.
   * @param anew whether totals begin anew, so that all series are visited
   */
  look (metric: ReadableMetric | undefined, anew: boolean, visit: Visit): void {
    const round = this.#round++
    let seen = 0
    for (const series of metric?.all ?? []) if (this.#look(series, round, anew, visit)) seen++
    if (seen === this.#known.size) return
    for (const [series, known] of this.#known) if (known.round !== round) this.#known.delete(series)
  }

  /** Returns whether the series has a value. */
  #look (series: ReadableSeries, round: number, anew: boolean, visit: Visit): boolean {
    // The first number of a histogram is the sum of all durations, so it grows with each of them.
    series.read(this.#first)
    const first = this.#first[0]!
    if (Number.isNaN(first)) return false
    let known = this.#known.get(series)
    if (known === undefined) this.#known.set(series, known = { before: new Float64Array(series.size), round })
    else if (!anew && known.before[0] === first) {
      known.round = round
      return true
    }
    known.round = round
    this.#compare(series, known.before, round === 0)
    visit(series.labels, this.#increase, anew ? this.#numbers : this.#increase)
    return true
  }

  #compare (series: ReadableSeries, before: Float64Array, isOld: boolean): void {
    const { size } = series
    if (this.#numbers.length !== size) {
      this.#numbers = new Float64Array(size)
      this.#increase = new Float64Array(size)
    }
    const [numbers, increase] = [this.#numbers, this.#increase]
    series.read(numbers)
    for (let number = 0; number < size; number++) {
      // A series that was reset goes back.
      increase[number] = isOld ? 0 : Math.max(0, numbers[number]! - before[number]!)
      before[number] = numbers[number]!
    }
  }
}
