/** Prints the metrics for threads that serve clients: only the control thread has those of all. */

import type { Link, LinksToThreads } from '../../../src/index.ts'
import type { Exposition } from './open-metrics.ts'

const channel = 'metrics-page'

/** Prints metrics, as OpenMetrics or in the text format of Prometheus. */
export type PrintMetrics = (open: boolean) => Promise<Exposition>

/** What answers in the control thread. */
export class Pages {
  /** Of the generations that there are, oldest first. */
  #prints: readonly PrintMetrics[] = []

  constructor (links: Pick<LinksToThreads, 'answer'>) {
    links.answer(channel, async (open: boolean) => await this.#prints.at(-1)!(open))
  }

  add (print: PrintMetrics): void {
    this.#prints = [...this.#prints, print]
  }

  /** Also for one that was never added, because its generation was given up while it was built. */
  remove (print: PrintMetrics): void {
    this.#prints = this.#prints.filter(other => other !== print)
  }
}

/** Returns the function that asks the control thread. */
export function pageFrom (link: Pick<Link, 'ask'>): PrintMetrics {
  return async open => await link.ask(channel, open) as Exposition
}
