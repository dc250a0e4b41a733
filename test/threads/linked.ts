/** The holdings of a control thread and of data threads, linked by real ports in one thread. */

import { MessageChannel } from 'node:worker_threads'
import type { TestContext } from 'node:test'
import { LocalMemory } from '../../src/state/local-memory.ts'
import { Holdings } from '../../src/state/holdings.ts'
import { ControlTasks } from '../../src/threads/control-tasks.ts'
import { PortLink } from '../../src/threads/link.ts'
import { Links } from '../../src/threads/links.ts'
import { RemoteTasks } from '../../src/threads/remote-tasks.ts'

export interface Linked {
  readonly links: Links
  readonly control: Holdings
  /** Adds the next data thread. */
  readonly join: () => { readonly holdings: Holdings, readonly link: PortLink }
  /** Resolves when all that was sent so far has arrived in the data threads. */
  readonly arrived: () => Promise<void>
}

export function linkedHoldings (t: TestContext): Linked {
  const links = new Links()
  const control = new Holdings(new LocalMemory(), new ControlTasks(links))
  let threads = 0
  return {
    links,
    control,
    join () {
      const { port1, port2 } = new MessageChannel()
      t.after(() => port1.close())
      const link = new PortLink(port2)
      const holdings = new Holdings(new LocalMemory(), new RemoteTasks(link))
      link.answer('arrived', () => true)
      links.add(++threads, new PortLink(port1))
      return { holdings, link }
    },
    async arrived () {
      await links.askAll('arrived', true)
    }
  }
}
