/** Finds the targets whose success rate is far below that of the others. */

/** The results of a target in an interval. */
export interface Tally {
  readonly requests: number
  readonly successes: number
}

export interface DeviationOptions {
  /** Standard deviations below the mean; 0 finds nothing. */
  readonly successRateDeviation: number
  /** The fewest comparable targets that a mean is computed for. */
  readonly minTargets: number
  /** Requests that make a target comparable. */
  readonly minRequests: number
}

/** Rounding must not make an outlier of one of many equals. */
const epsilon = 1e-9

/** Those below mean − deviations × σ (Envoy's outlier detection; σ of the population). */
export function belowTheRest<T extends Tally> (
  tallies: readonly T[],
  { successRateDeviation, minTargets, minRequests }: DeviationOptions
): readonly T[] {
  const comparable = tallies.filter(({ requests }) => requests >= minRequests)
  if (successRateDeviation === 0 || comparable.length < minTargets) return []
  const mean = average(comparable.map(rate))
  const sigma = Math.sqrt(average(comparable.map(tally => (rate(tally) - mean) ** 2)))
  return comparable.filter(tally => rate(tally) < mean - successRateDeviation * sigma - epsilon)
}

function rate ({ requests, successes }: Tally): number {
  return successes / requests
}

function average (values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
