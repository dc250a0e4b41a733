/**
 * The latency of a target as an exponentially weighted moving average that is sensitive to peaks, as in Finagle and Linkerd
 * ("peak EWMA"): it rises to a slow answer at once and falls slowly. Without samples it fades towards 0, so that a target
 * that was slow or broken is tried again some day.
 */

/** What is remembered of one target. Plain, so that a lease may keep it. */
export interface Latency {
  /** Milliseconds, as of `at`. */
  value: number
  /** When it was last changed; monotonic milliseconds. */
  at: number
  /** It was assumed and not measured: the first answer takes its place. */
  assumed: boolean
}

/** The latency as of `now`; `decay` is the time in which a memory loses all but 1/e of its weight. All in milliseconds. */
export function latencyAt ({ value, at }: Pick<Latency, 'value' | 'at'>, now: number, decay: number): number {
  return value * Math.exp(Math.min(0, at - now) / decay)
}

/** Takes in an answer that took `sample` milliseconds. */
export function record (latency: Latency, sample: number, now: number, decay: number): void {
  const faded = latencyAt(latency, now, decay)
  const kept = Math.exp(Math.min(0, latency.at - now) / decay)
  latency.value = latency.assumed || sample > faded ? sample : faded + sample * (1 - kept)
  latency.at = now
  latency.assumed = false
}

/** Takes in that an answer would have taken at least `waited` milliseconds: somebody left before it came. */
export function recordAtLeast (latency: Latency, waited: number, now: number, decay: number): void {
  if (waited > latencyAt(latency, now, decay)) record(latency, waited, now, decay)
}
