/** The algorithms by the names that the file has for them. */

import type { RateValue } from '../../../src/config/index.ts'
import { fixedWindow } from './fixed-window.ts'
import type { Rule } from './rule.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

/** Those that count over time. */
export const timeAlgorithms = ['token-bucket', 'sliding-window', 'fixed-window'] as const

/** All of them; `concurrency` counts what is on its way. */
export const algorithms = [...timeAlgorithms, 'concurrency'] as const

export type TimeAlgorithm = typeof timeAlgorithms[number]
export type AlgorithmName = typeof algorithms[number]

/**
 * The rules of a list of limits.
 * @param burst how many may come at once, of the limit with the shortest window; only a token bucket has it
 */
export function compileRules (algorithm: TimeAlgorithm, limits: readonly RateValue[], burst: number | undefined): Rule[] {
  const shortest = Math.min(...limits.map(({ window }) => window))
  return limits.map(rate => compileRule(algorithm, rate, rate.window === shortest ? burst : undefined))
}

/** The same rules for one of `gateways` that share them; of each at least one unit at once. */
export function shareOf (algorithm: TimeAlgorithm, rules: readonly Rule[], gateways: number): readonly Rule[] {
  if (gateways <= 1) return rules
  return rules.map(({ rate, capacity }) => {
    const share = Math.max(1, Math.floor(capacity / gateways))
    // A bucket keeps its capacity as a burst and fills the slower; a window of one that lasts longer is as little as one in it.
    if (algorithm === 'token-bucket') return tokenBucket({ limit: rate.limit, window: rate.window * gateways }, share)
    return compileRule(algorithm, { limit: share, window: rate.window * Math.max(1, gateways / capacity) }, undefined)
  })
}

function compileRule (algorithm: TimeAlgorithm, rate: RateValue, burst: number | undefined): Rule {
  switch (algorithm) {
    case 'token-bucket': return tokenBucket(rate, burst)
    case 'sliding-window': return slidingWindow(rate)
    case 'fixed-window': return fixedWindow(rate)
  }
}
