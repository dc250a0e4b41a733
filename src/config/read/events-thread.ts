/** The worker thread that parses one YAML text. It gets the text, sends the result and ends. */

import { parentPort, workerData } from 'node:worker_threads'
import { findEvents, packEvents, type SyntaxFault } from './events.ts'

/** The result of the thread. */
export type ThreadResult = { readonly numbers: Int32Array<ArrayBuffer> } | { readonly fault: SyntaxFault }

const found = findEvents(workerData as string)
if ('fault' in found) {
  parentPort!.postMessage(found satisfies ThreadResult)
} else {
  const numbers = packEvents(found.events)
  parentPort!.postMessage({ numbers } satisfies ThreadResult, [numbers.buffer])
}
