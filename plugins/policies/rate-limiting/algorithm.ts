/** The algorithms by their names in the configuration. */

import type { RateValue } from '../../../src/config/index.ts'
import { fixedWindow } from './fixed-window.ts'
import type { Rule } from './rule.ts'
import { slidingWindow } from './sliding-window.ts'
import { tokenBucket } from './token-bucket.ts'

/** Those that count over time. */
export const timeAlgorithms = ['token-bucket', 'sliding-window', 'fixed-window'] as const

/** All algorithms; `concurrency` counts requests in progress. */
export const algorithms = [...timeAlgorithms, 'concurrency'] as const

export type TimeAlgorithm = typeof timeAlgorithms[number]
export type AlgorithmName = typeof algorithms[number]

/**
 * The rules of a list of limits.
 * @param burst burst size of the limit with the shortest window; for token buckets only
 */
export function compileRules (algorithm: TimeAlgorithm, limits: readonly RateValue[], burst: number | undefined): Rule[] {
  const shortest = Math.min(...limits.map(({ window }) => window))
  return limits.map(rate => compileRule(algorithm, rate, rate.window === shortest ? burst : undefined))
}

/** The rules for one of `gateways` that share them. Each has a capacity of at least one unit. */
export function shareOf (algorithm: TimeAlgorithm, rules: readonly Rule[], gateways: number): readonly Rule[] {
  if (gateways <= 1) return rules
  return rules.map(({ rate, capacity }) => {
    const share = Math.max(1, Math.floor(capacity / gateways))
    // A bucket fills more slowly. A window with a share below one unit gets one unit and lasts longer.
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
