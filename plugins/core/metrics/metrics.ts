/** The interface of the metrics for plugins: `app.metrics`. */

import { Instruments } from './instruments.ts'
import { print, type Exposition } from './open-metrics.ts'
import { processRegistry } from './process-metrics.ts'

/** `open`: whether OpenMetrics is printed. */
type ScrapeListener = (open: boolean) => void | Promise<void>

/** `app.metrics`: instruments by name, created on first use and kept over reloads. */
export class Metrics extends Instruments {
  readonly #listeners: ScrapeListener[] = []

  /** Calls `listener` before this generation's metrics are printed, to fill gauges from state. Never where another thread prints them. */
  onScrape (listener: ScrapeListener): void {
    this.#listeners.push(listener)
  }

  /** All metrics, as OpenMetrics or in the text format of Prometheus. */
  async print (open = false): Promise<Exposition> {
    for (const listener of this.#listeners) await listener(open)
    return await print([this.registry, processRegistry], open)
  }
}
