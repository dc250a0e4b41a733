/** Parses YAML in a thread: the parser works in one call, which for a large file would delay every request. */

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { findEvents, PackedEvents, type Found } from './events.ts'
import type { Handed } from './events-thread.ts'

/** Shorter texts are read sooner than a thread starts, in UTF-16 units. */
const shortest = 64 * 1024

/** A text of the largest size that a file may have takes less. */
const memory = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 }

/** How long a thread may take, in milliseconds. */
const longest = 30_000

/** As a source or compiled, whichever this is. */
const ownThread = new URL(`./events-thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Parses a text, in a thread if it is long. The thread has ended when this resolves. If it cannot start or fails, the text is parsed here;
 * a text that takes it too long is refused, because it would delay requests as long.
 */
export async function findEventsBeside (text: string, { thread = ownThread, timeout = longest } = {}): Promise<Found> {
  if (text.length < shortest) return findEvents(text)
  const handed = await askThread(text, thread, timeout)
  if (handed === undefined) return findEvents(text)
  return 'numbers' in handed ? { events: new PackedEvents(handed.numbers) } : handed
}

/** Undefined where the thread failed. */
async function askThread (text: string, thread: URL, timeout: number): Promise<Handed | undefined> {
  const worker = startThread(text, thread)
  if (worker === undefined) return undefined
  let handed: Handed | undefined
  const timer = setTimeout(() => {
    handed = { fault: { reason: `it took longer than ${timeout / 1000} s to read`, offset: 0 } }
    void worker.terminate()
  }, timeout)
  // A process that has nothing else to do may end.
  timer.unref()
  worker.unref()
  return await new Promise(resolve => {
    worker.once('message', (message: Handed) => { handed ??= message })
    // Told by its exit, too.
    worker.once('error', () => {})
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve(handed)
    })
  })
}

/** Without what the process was started with: a preloaded module or a variable has nothing to do there. */
function startThread (text: string, thread: URL): Worker | undefined {
  try {
    return new Worker(thread, { name: 'onedoor-yaml', workerData: text, env: {}, execArgv: [], resourceLimits: memory })
  } catch {
    return undefined
  }
}
