/** Threads of tests: run functions of modules in threads of their own, at the same time. */

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** What a function in a thread is given beside its input. */
export interface ThreadContext {
  /** From 0 on. */
  readonly index: number
  /** Tells the test something. */
  readonly say: (message: unknown) => void
}

/** A thread of a test. */
export interface TestThread<T> {
  /** What the function returned. Rejects when it threw, and when the thread has ended before. */
  readonly result: Promise<T>
  /** What the function said next. Rejects when the thread has ended. */
  said (): Promise<unknown>
  /** Ends it at once, wherever it is. */
  kill (): Promise<void>
}

/**
 * Starts a thread that calls the exported function `name` of a module with `input` and a context.
 * @param module its URL, such as `import.meta.resolve('./hammer.ts')`
 */
export function startThread<T> (module: string, name: string, input: unknown, index = 0, start?: Int32Array): TestThread<T> {
  const worker = new Worker(new URL('thread-entry.ts', import.meta.url), { workerData: { module, name, input, index, start } })
  const messages: unknown[] = []
  const waiting: (() => void)[] = []
  let ended = false
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  promise.catch(() => {})
  worker.on('message', ({ said, result, failed }: { said?: unknown, result?: T, failed?: unknown }) => {
    if (said !== undefined) messages.push(said)
    else if (failed !== undefined) reject(failed)
    else resolve(result!)
    for (const wake of waiting.splice(0)) wake()
  })
  worker.on('error', reject)
  worker.on('exit', () => {
    ended = true
    reject(new Error('the thread has ended'))
    for (const wake of waiting.splice(0)) wake()
  })
  return {
    result: promise,
    said: async () => {
      while (messages.length === 0) {
        if (ended) throw new Error('the thread has ended')
        await new Promise<void>(wake => { waiting.push(wake) })
      }
      return messages.shift()
    },
    kill: async () => {
      const exit = ended ? undefined : once(worker, 'exit')
      await worker.terminate()
      await exit
    }
  }
}

/** Calls the function in so many threads at the same time. Resolves with what they return when all have ended. */
export async function inThreads<T> (count: number, module: string, name: string, input: unknown): Promise<readonly T[]> {
  // 1 once they may go.
  const start = new Int32Array(new SharedArrayBuffer(4))
  const threads = Array.from({ length: count }, (_, index) => startThread<T>(module, name, input, index, start))
  const results = Promise.all(threads.map(async ({ result }) => await result))
  try {
    await Promise.race([results, Promise.all(threads.map(async thread => await thread.said()))])
    Atomics.store(start, 0, 1)
    Atomics.notify(start, 0)
    return await results
  } finally {
    await Promise.all(threads.map(async thread => { await thread.kill() }))
  }
}
