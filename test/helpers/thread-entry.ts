/** The first module of a thread of a test. See threads.ts. */

import { parentPort, workerData } from 'node:worker_threads'
import type { ThreadContext } from './threads.ts'

const { module, name, input, index, start } = workerData as {
  module: string, name: string, input: unknown, index: number, start?: Int32Array
}
const functions = await import(module) as Record<string, (input: unknown, context: ThreadContext) => unknown>
const say = (message: unknown): void => { parentPort!.postMessage({ said: message }) }
if (start !== undefined) {
  say('ready')
  Atomics.wait(start, 0, 0)
}
try {
  parentPort!.postMessage({ result: await functions[name]!(input, { index, say }) })
} catch (error) {
  parentPort!.postMessage({ failed: error })
}
