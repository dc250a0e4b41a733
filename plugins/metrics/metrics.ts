/** What plugins see of the metrics: `app.metrics`. */

import { Registry } from '@prometheus-io/client'
import { Instruments } from './instruments.ts'
import { processMetrics } from './process-metrics.ts'

/** `app.metrics`: instruments by name, created on first use and kept over reloads. */
export class Metrics extends Instruments {
  readonly #listeners: (() => void)[] = []

  /** Calls `listener` before this generation's metrics are printed, to fill gauges from state. */
  onScrape (listener: () => void): void {
    this.#listeners.push(listener)
  }

  /** All metrics in the text format of Prometheus. */
  async print (): Promise<string> {
    for (const listener of this.#listeners) listener()
    return await Registry.merge([this.registry, processMetrics()]).metrics()
  }
}
