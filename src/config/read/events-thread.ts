/** The thread that reads one YAML text: started with the text, it hands over what it found and ends. */

import { parentPort, workerData } from 'node:worker_threads'
import { findEvents, packEvents, type SyntaxFault } from './events.ts'

/** What the thread says. */
export type Handed = { readonly numbers: Int32Array<ArrayBuffer> } | { readonly fault: SyntaxFault }

const found = findEvents(workerData as string)
if ('fault' in found) {
  parentPort!.postMessage(found satisfies Handed)
} else {
  const numbers = packEvents(found.events)
  parentPort!.postMessage({ numbers } satisfies Handed, [numbers.buffer])
}
