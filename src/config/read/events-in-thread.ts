/** Parses YAML in a worker thread, because parsing a large file in one call would delay all requests. */

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { findEvents, PackedEvents, type Found } from './events.ts'
import type { ThreadResult } from './events-thread.ts'

/** In UTF-16 units. Shorter texts are parsed faster than a thread starts. */
const shortest = 64 * 1024

/** The memory limit of the thread. A file of the largest size needs less. */
const memory = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64, stackSizeMb: 4 }

/** The longest time for a thread, in milliseconds. */
const longest = 30_000

/** The thread file beside this one, with the same extension (source or compiled). */
const ownThread = new URL(`./events-thread${extname(import.meta.url)}`, import.meta.url)

/**
 * Parses a text, in a thread if it is long. The thread has ended when this resolves. If the thread cannot start or fails, the text is
 * parsed here. A text that takes the thread too long is rejected, because it would delay requests here.
 */
export async function findEventsInThread (text: string, { thread = ownThread, timeout = longest } = {}): Promise<Found> {
  if (text.length < shortest) return findEvents(text)
  const handed = await askThread(text, thread, timeout)
  if (handed === undefined) return findEvents(text)
  return 'numbers' in handed ? { events: new PackedEvents(handed.numbers) } : handed
}

/** Parses a text in the thread; undefined where the thread failed. */
async function askThread (text: string, thread: URL, timeout: number): Promise<ThreadResult | undefined> {
  const worker = startThread(text, thread)
  if (worker === undefined) return undefined
  let handed: ThreadResult | undefined
  const timer = setTimeout(() => {
    handed = { fault: { reason: `it took longer than ${timeout / 1000} s to read`, offset: 0 } }
    void worker.terminate()
  }, timeout)
  // The timer must not keep the process alive.
  timer.unref()
  worker.unref()
  return await new Promise(resolve => {
    worker.once('message', (message: ThreadResult) => { handed ??= message })
    // The `exit` event follows and is handled.
    worker.once('error', () => {})
    worker.once('exit', () => {
      clearTimeout(timer)
      resolve(handed)
    })
  })
}

/** Starts the thread without the arguments and environment of the process, which it does not need. */
function startThread (text: string, thread: URL): Worker | undefined {
  try {
    return new Worker(thread, { name: 'onedoor-yaml', workerData: text, env: {}, execArgv: [], resourceLimits: memory })
  } catch {
    return undefined
  }
}
