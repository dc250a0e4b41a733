/** A data thread as the control thread has it: the worker, the link to it, and its end. */

import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { PortLink } from './link.ts'
import type { ThreadStart } from './protocol.ts'

/** The file of the thread, with the same extension as this one (source or compiled). */
const entry = new URL(`./data-thread-main${extname(import.meta.url)}`, import.meta.url)

export class DataThreadHandle {
  readonly number: number
  readonly link: PortLink
  readonly #worker: Worker
  /** Resolves when it has ended, with the reason where it did not end by itself. */
  readonly ended: Promise<string>
  #why: string | undefined
  /** Whether it is expected to end. */
  closing = false
  /** When it began, milliseconds since 1970. */
  readonly since = Date.now()
  state: 'starting' | 'serving' = 'starting'

  constructor (start: ThreadStart) {
    this.number = start.number
    this.#worker = new Worker(entry, { name: `onedoor-${start.number}`, workerData: start })
    this.link = new PortLink(this.#worker)
    this.#worker.once('error', (error: unknown) => { this.#why ??= error instanceof Error ? error.message : String(error) })
    this.ended = new Promise(resolve => {
      this.#worker.once('exit', status => {
        const reason = this.#why ?? `it ended with status ${status}`
        this.link.close(new Error(`thread ${this.number} has ended: ${reason}`))
        resolve(reason)
      })
    })
  }

  /** Ends it at once, whatever it does. */
  async terminate (why?: string): Promise<void> {
    this.#why ??= why
    await this.#worker.terminate()
  }
}
