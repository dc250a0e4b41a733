/** In the control thread: the series of all threads that serve clients, as parts of its own ones. */

import type { LinksToThreads } from '../../../src/index.ts'
import { fetchExemplars } from './fresh-exemplars.ts'
import type { Instruments } from './instruments.ts'
import type { SeriesMetric } from './series-metric.ts'
import { seriesChannel, type SeriesNews } from './told-series.ts'

/** The memory and the metrics of one thread. */
interface ThreadMemory {
  readonly blocks: Map<number, Float64Array>
  readonly metrics: Map<string, SeriesMetric>
}

export class SeriesOfThreads {
  readonly #instruments: Instruments
  readonly #links: LinksToThreads
  readonly #threads = new Map<number, ThreadMemory>()

  constructor (instruments: Instruments, links: LinksToThreads) {
    this.#instruments = instruments
    this.#links = links
    links.on(seriesChannel, (news: SeriesNews, thread) => this.#take(news, thread))
    // One that takes the number of another, which has gone.
    links.onJoined((_link, thread) => this.#leave(thread))
  }

  /**
   * Before a page is printed: keeps what threads have counted that have gone, and forgets their gauges. For OpenMetrics it asks for
   * exemplars.
   */
  async refresh (open: boolean): Promise<void> {
    if (open) await fetchExemplars(this.#instruments, this.#links)
    for (const thread of this.#threads.keys()) if (!this.#links.threads.includes(thread)) this.#leave(thread)
  }

  #take ({ blocks, metrics, series }: SeriesNews, thread: number): void {
    let known = this.#threads.get(thread)
    if (known === undefined) this.#threads.set(thread, known = { blocks: new Map(), metrics: new Map() })
    for (const [block, memory] of blocks) known.blocks.set(block, new Float64Array(memory))
    for (const definition of metrics) {
      const metric = this.#instruments.same(definition)
      if (metric !== undefined) known.metrics.set(definition.name, metric)
    }
    for (const { metric, labels, block, at } of series) {
      known.metrics.get(metric)?.join(labels, { thread, cells: known.blocks.get(block)!, at })
    }
  }

  #leave (thread: number): void {
    if (!this.#threads.delete(thread)) return
    for (const metric of this.#instruments.all) metric.keep(thread)
  }
}
