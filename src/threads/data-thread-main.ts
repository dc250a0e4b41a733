/** The worker thread that serves clients: started by the control thread, which it obeys. */

import { parentPort, workerData } from 'node:worker_threads'
import { DataThread } from './data-thread.ts'
import { PortLink } from './link.ts'
import type { ThreadStart } from './protocol.ts'

new DataThread(workerData as ThreadStart, new PortLink(parentPort!)).obey()
