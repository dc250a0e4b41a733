/** The threads of a gateway, as code in one of them sees them. */

import type { Link, LinksToThreads } from './link.ts'

/**
 * What a thread does. `alone`: everything. `control`: it reads the configuration, runs the tasks and serves the admin listener. `data`: it
 * serves clients.
 */
export type ThreadRole = 'alone' | 'control' | 'data'

/** The thread that code runs in. */
export interface Threads {
  readonly role: ThreadRole
  /** 0 for the control thread and for one that is alone; from 1 on for those that serve clients. */
  readonly number: number
  /** How many threads serve clients. */
  readonly count: number
  /** In a data thread: its link to the control thread. */
  readonly toControl?: Link
  /** In the control thread: its links to the data threads. */
  readonly toThreads?: LinksToThreads
}

/** A gateway whose only thread does everything. */
export const alone: Threads = { role: 'alone', number: 0, count: 1 }
