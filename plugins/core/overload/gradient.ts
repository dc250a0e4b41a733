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

export class Gradient {
  readonly #options: GradientOptions
  #limit: number
  /** Average latency in the long run, in milliseconds, and the windows it is made of. */
  #long = 0
  #windows = 0
  #sum = 0
  #count = 0
  /** Most requests that were open at once in this window. */
  #busiest = 0
  #startedAt: number | undefined

  constructor (options: GradientOptions) {
    this.#options = options
    this.#limit = options.initial
  }

  /** A whole number from `min` to `max`. */
  get limit (): number {
    return Math.floor(this.#limit)
  }

  /** Records the latency of one response in milliseconds, and the number of open requests, including its own. */
  sample (latency: number, open: number, now: number): void {
    this.#startedAt ??= now
    this.#sum += latency
    this.#count++
    this.#busiest = Math.max(this.#busiest, open)
    if (this.#count < fewest || now - this.#startedAt < this.#options.window) return
    this.#update(this.#sum / this.#count)
    this.#sum = this.#count = this.#busiest = 0
    this.#startedAt = now
  }

  /** An independent copy of the state. */
  copy (): Gradient {
    const copy = new Gradient(this.#options)
    copy.#limit = this.#limit
    copy.#long = this.#long
    copy.#windows = this.#windows
    copy.#sum = this.#sum
    copy.#count = this.#count
    copy.#busiest = this.#busiest
    copy.#startedAt = this.#startedAt
    return copy
  }

  #update (latency: number): void {
    const short = Math.max(latency, 0.001)
    this.#remember(short)
    // After a long slow time the past would allow far too much.
    if (this.#long / short > 2) this.#long *= 0.95
    // Who did not use what there was has not learned what would happen with more.
    if (this.#busiest < this.#limit / 2) return
    const { tolerance, min, max } = this.#options
    const gradient = Math.max(0.5, Math.min(1, tolerance * this.#long / short))
    const next = this.#limit * (1 - smoothing) + (this.#limit * gradient + queue) * smoothing
    this.#limit = Math.max(min, Math.min(max, next))
  }

  #remember (latency: number): void {
    this.#windows++
    const weight = this.#windows <= warmUp ? 1 / this.#windows : 2 / (longRun + 1)
    this.#long += (latency - this.#long) * weight
  }
}
