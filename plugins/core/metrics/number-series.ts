/** One series of a counter or a gauge: add to `value`, or set it. */

import type { Aggregator } from '@prometheus-io/client'
import { CellSeries } from './cell-series.ts'
import type { Place } from './series-cells.ts'
import type { Labels } from './series-map.ts'

export class NumberSeries extends CellSeries {
  constructor (labels: Labels, place: Place) {
    super(labels, place, 1)
  }

  /** The number of this thread. */
  get value (): number {
    return this.cells[this.at]!
  }

  set value (value: number) {
    this.cells[this.at] = value
  }

  /** What all threads have counted. */
  get sum (): number {
    return this.total(0)
  }

  /** The number of a gauge; NaN for none. */
  combinedBy (aggregator: Aggregator): number {
    return this.combined(aggregator)
  }
}
