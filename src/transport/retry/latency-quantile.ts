/** A quantile of recent latencies, cheap enough to be updated for every response. */

/** The number of latencies that are kept. */
const size = 512
/** The number of responses between two sorts. */
const every = 64

/** Positions of the cells: responses so far, the quantile, NaN until there are enough latencies, and the latest latencies. */
const count = 0
const quantileOf = 1
const ringAt = 2

/** The cells of an upstream without responses. */
export const latencyCells: readonly number[] = Array.from({ length: ringAt + size }, (_, at) => at === quantileOf ? NaN : 0)

export class LatencyQuantile {
  readonly #quantile: number
  readonly #cells: Float64Array
  readonly #ring: Float64Array

  /**
   * @param quantile from 0 to 1
   * @param cells its state, as {@link latencyCells} at the beginning
   */
  constructor (quantile: number, cells: Float64Array = Float64Array.from(latencyCells)) {
    this.#quantile = quantile
    this.#cells = cells
    this.#ring = cells.subarray(ringAt)
  }

  /** Adds a latency in milliseconds. */
  add (latency: number): void {
    const cells = this.#cells
    this.#ring[cells[count]! % size] = latency
    const seen = ++cells[count]!
    if (seen % every !== 0) return
    const sorted = this.#ring.slice(0, Math.min(seen, size)).sort()
    cells[quantileOf] = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * this.#quantile))]!
  }

  /** The quantile in milliseconds; undefined until there are enough latencies. */
  get value (): number | undefined {
    const value = this.#cells[quantileOf]!
    return Number.isNaN(value) ? undefined : value
  }
}
