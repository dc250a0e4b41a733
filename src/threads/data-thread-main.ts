/** The worker thread that serves clients: started by the control thread, which it obeys. */

import { enableCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadStart } from './protocol.ts'

const start = workerData as ThreadStart
// Node keeps compiled code for the thread that asks for it. So this comes before the imports that it is for.
if (start.compileCache !== undefined) enableCompileCache(start.compileCache)
const [{ DataThread }, { PortLink }] = await Promise.all([import('./data-thread.ts'), import('./link.ts')])
new DataThread(start, new PortLink(parentPort!)).obey()
