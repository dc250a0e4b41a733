/** Percentiles of what a histogram has observed. */

/**
 * Estimates a percentile by linear interpolation inside its bucket, as `histogram_quantile` of Prometheus does.
 * @param bounds upper bounds of the buckets, ascending, in any unit; the last bucket has none
 * @param count how often a bucket was observed, not cumulative, by its number
 * @param part 0.95 for the 95th percentile
 * @returns in the unit of the bounds; the highest bound for what is beyond it; null where nothing was observed
 */
export function percentile (bounds: readonly number[], count: (bucket: number) => number, part: number): number | null {
  let all = 0
  for (let bucket = 0; bucket <= bounds.length; bucket++) all += count(bucket)
  if (all === 0) return null
  const rank = part * all
  let below = 0
  for (const [bucket, upper] of bounds.entries()) {
    const inside = count(bucket)
    if (inside > 0 && below + inside >= rank) {
      const lower = bounds[bucket - 1] ?? 0
      return lower + (upper - lower) * (rank - below) / inside
    }
    below += inside
  }
  return bounds.at(-1) ?? null
}
