/** A quantile of recent latencies, cheap enough to be updated for every response. */

/** The number of latencies that are kept. */
const size = 512
/** The number of responses between two sorts. */
const every = 64

export class LatencyQuantile {
  readonly #quantile: number
  readonly #ring = new Float64Array(size)
  #count = 0
  #value: number | undefined

  /** `quantile` from 0 to 1. */
  constructor (quantile: number) {
    this.#quantile = quantile
  }

  /** Adds a latency in milliseconds. */
  add (latency: number): void {
    this.#ring[this.#count % size] = latency
    this.#count++
    if (this.#count % every !== 0) return
    const seen = this.#ring.slice(0, Math.min(this.#count, size)).sort()
    this.#value = seen[Math.min(seen.length - 1, Math.floor(seen.length * this.#quantile))]!
  }

  /** The quantile in milliseconds; undefined until there are enough latencies. */
  get value (): number | undefined {
    return this.#value
  }
}
