/** The printed form of a series. */

import type { Labels } from './series-map.ts'

/** One printed line. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
  readonly metricName?: string
  readonly exemplar?: { readonly labelSet: Labels, readonly value: number, readonly timestamp: number } | undefined
}
