/** What routes answer to the gateway itself, as objects: text that is made and read again would be most of the cost of a look. */

import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const field = 'x-onedoor-answer'

export class Answers {
  /** No client knows it. */
  readonly #secret = randomUUID()
  readonly #taken = new Map<string, unknown>()
  #last = 0

  /** Asks with a field that marks the request, and resolves with the object that it was answered. */
  async of<R extends object> (ask: (mark: Readonly<Record<string, string>>) => Promise<R>): Promise<R & { readonly answer: unknown }> {
    const key = `${this.#secret} ${++this.#last}`
    try {
      return Object.assign(await ask({ [field]: key }), { answer: this.#taken.get(key) })
    } finally {
      this.#taken.delete(key)
    }
  }

  /** Keeps the payload of a marked request and returns what is sent in its place; that of any other one stays as it is. */
  take ({ [field]: key }: IncomingHttpHeaders, payload: unknown): unknown {
    if (typeof key !== 'string' || !key.startsWith(this.#secret)) return payload
    this.#taken.set(key, payload)
    return ''
  }
}
