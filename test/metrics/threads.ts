/** The metrics of a control thread and of threads that serve clients, linked by real ports in one thread. */

import type { TestContext } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { keepMetrics, type KeptMetrics } from '../../plugins/core/metrics/kept-metrics.ts'
import { Metrics } from '../../plugins/core/metrics/metrics.ts'
import type { Threads } from '../../src/contract/threads.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { PortLink } from '../../src/threads/link.ts'
import { Links } from '../../src/threads/links.ts'
import { Scrape } from './scrape.ts'

export interface ThreadedMetrics {
  readonly control: Metrics
  readonly kept: KeptMetrics
  /** Adds a thread with this number, in place of one that has died. */
  readonly join: (thread: number) => Metrics
  /** A thread dies. What it has sent still arrives. */
  readonly die: (thread: number) => Promise<void>
  /** Resolves when all that was sent so far has arrived, both ways. */
  readonly arrived: () => Promise<void>
  /** The page, as it is after all that was sent so far has arrived. */
  readonly scrape: () => Promise<Scrape>
}

export function threadedMetrics (t: TestContext, maxSeries = 1000): ThreadedMetrics {
  const links = new Links()
  const kept = keep({ role: 'control', number: 0, count: 2, toThreads: links })
  const control = new Metrics(kept.registry, kept.place)
  control.onScrape(async open => await kept.ofThreads!.refresh(open))

  function keep (threads: Threads): KeptMetrics {
    const { resource } = new Holdings().hold()
    return keepMetrics({ resource, threads, rehearsal: false, config: { metrics: { maxSeries } } } as never)
  }
  async function arrived (): Promise<void> {
    // Microtasks send what is new.
    await Promise.resolve()
    await links.askAll('arrived', true)
  }

  return {
    control,
    kept,
    join (number) {
      const { port1, port2 } = new MessageChannel()
      t.after(() => port1.close())
      const toControl = new PortLink(port2)
      toControl.answer('arrived', () => true)
      links.add(number, new PortLink(port1))
      const { registry, place } = keep({ role: 'data', number, count: 2, toControl })
      return new Metrics(registry, place)
    },
    async die (number) {
      await arrived()
      links.remove(number)
    },
    arrived,
    async scrape () {
      await arrived()
      return new Scrape((await control.print()).text)
    }
  }
}
