/**
 * The latency of a target as an exponentially weighted moving average that is sensitive to peaks, as in Finagle and Linkerd
 * ("peak EWMA"): it rises to a slow response at once and falls slowly. Without samples it decays towards 0, so that a
 * slow or broken target is tried again eventually.
 */

/** The latency of one target. */
export interface Latency {
  /** Milliseconds, as of `at`. */
  value: number
  /** When it was last changed; monotonic milliseconds. */
  at: number
  /** The value was assumed, not measured; the first response replaces it. */
  assumed: boolean
}

/** Positions of the cells: value, time, and what is known: {@link unknown}, {@link assumed} or {@link measured}. */
const [value, at, knowledge] = [0, 1, 2] as const
const [unknown, assumed, measured] = [0, 1, 2] as const

/** The cells of a target that has not responded yet. */
export const latencyCells: readonly number[] = [0, 0, unknown]

/** A latency that outlives a generation. */
export class KeptLatency implements Latency {
  readonly #cells: Float64Array

  /** @param cells its state, as {@link latencyCells} at the beginning */
  constructor (cells: Float64Array) {
    this.#cells = cells
  }

  /** Whether it was measured or assumed. */
  get known (): boolean {
    return this.#cells[knowledge] !== unknown
  }

  get value (): number {
    return this.#cells[value]!
  }

  set value (latency: number) {
    this.#cells[value] = latency
  }

  get at (): number {
    return this.#cells[at]!
  }

  set at (time: number) {
    this.#cells[at] = time
  }

  get assumed (): boolean {
    return this.#cells[knowledge] === assumed
  }

  set assumed (guess: boolean) {
    this.#cells[knowledge] = guess ? assumed : measured
  }
}

/** The latency as of `now`; `decay` is the time in which a memory loses all but 1/e of its weight. All in milliseconds. */
export function latencyAt ({ value, at }: Pick<Latency, 'value' | 'at'>, now: number, decay: number): number {
  return value * Math.exp(Math.min(0, at - now) / decay)
}

/** Records a response that took `sample` milliseconds. */
export function record (latency: Latency, sample: number, now: number, decay: number): void {
  const faded = latencyAt(latency, now, decay)
  const kept = Math.exp(Math.min(0, latency.at - now) / decay)
  latency.value = latency.assumed || sample > faded ? sample : faded + sample * (1 - kept)
  latency.at = now
  latency.assumed = false
}

/** Records that a response would have taken at least `waited` milliseconds: the client left before it arrived. */
export function recordAtLeast (latency: Latency, waited: number, now: number, decay: number): void {
  if (waited > latencyAt(latency, now, decay)) record(latency, waited, now, decay)
}
