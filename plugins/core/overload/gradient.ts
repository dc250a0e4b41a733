/**
 * An adaptive concurrency limit: Gradient2 of Netflix' concurrency-limits. It compares the current latency with the
 * long-run average. While it is not higher, the limit grows by a small queue. When it is, requests queue in the
 * upstream, and the limit shrinks in proportion.
 */

export interface GradientOptions {
  readonly initial: number
  readonly min: number
  readonly max: number
  /** The ratio to the long-run latency up to which a latency is not a sign of queueing. */
  readonly tolerance: number
  /** Shortest time over which latencies are averaged before they count, in milliseconds. */
  readonly window: number
}

/** Requests that may always queue: what the limit grows by in a calm window. */
const queue = 4

/** Share of the new limit in the next one. */
const smoothing = 0.2

/** Windows that the long run is about, and those at its beginning that count alike. */
const longRun = 600
const warmUp = 10

/** Fewest latencies in a window. */
const fewest = 10

/** Positions of the cells. */
const cell = {
  limit: 0,
  /** Average latency in the long run, in milliseconds, and the windows it is made of. */
  long: 1,
  windows: 2,
  sum: 3,
  count: 4,
  /** Most requests that were open at once in this window. */
  busiest: 5,
  /** When this window began; NaN before the first response. */
  startedAt: 6
} as const

/** The cells of a limit that has seen no latency. */
export function gradientCells ({ initial }: Pick<GradientOptions, 'initial'>): readonly number[] {
  return [initial, 0, 0, 0, 0, 0, NaN]
}

export class Gradient {
  readonly #options: GradientOptions
  readonly #cells: Float64Array

  /** @param cells its state, as {@link gradientCells} at the beginning */
  constructor (options: GradientOptions, cells: Float64Array = Float64Array.from(gradientCells(options))) {
    this.#options = options
    this.#cells = cells
  }

  /** A whole number from `min` to `max`. */
  get limit (): number {
    return Math.floor(this.#cells[cell.limit]!)
  }

  /** Records the latency of one response in milliseconds, and the number of open requests, including its own. */
  sample (latency: number, open: number, now: number): void {
    const cells = this.#cells
    if (Number.isNaN(cells[cell.startedAt])) cells[cell.startedAt] = now
    cells[cell.sum]! += latency
    const count = ++cells[cell.count]!
    if (open > cells[cell.busiest]!) cells[cell.busiest] = open
    if (count < fewest || now - cells[cell.startedAt]! < this.#options.window) return
    this.#update(cells[cell.sum]! / count)
    cells[cell.sum] = 0
    cells[cell.count] = 0
    cells[cell.busiest] = 0
    cells[cell.startedAt] = now
  }

  #update (latency: number): void {
    const cells = this.#cells
    const short = Math.max(latency, 0.001)
    this.#remember(short)
    // After a long slow time the past would allow far too much.
    if (cells[cell.long]! / short > 2) cells[cell.long]! *= 0.95
    const limit = cells[cell.limit]!
    // Who did not use what there was has not learned what would happen with more.
    if (cells[cell.busiest]! < limit / 2) return
    const { tolerance, min, max } = this.#options
    const gradient = Math.max(0.5, Math.min(1, tolerance * cells[cell.long]! / short))
    const next = limit * (1 - smoothing) + (limit * gradient + queue) * smoothing
    cells[cell.limit] = Math.max(min, Math.min(max, next))
  }

  #remember (latency: number): void {
    const cells = this.#cells
    const windows = ++cells[cell.windows]!
    const weight = windows <= warmUp ? 1 / windows : 2 / (longRun + 1)
    cells[cell.long]! += (latency - cells[cell.long]!) * weight
  }
}
