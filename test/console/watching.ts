/** A client of `GET /live`. */

import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'
import { readEventStream } from '../helpers/event-stream.ts'

export interface Message {
  readonly event: string
  readonly data: {
    readonly sequence: number
    readonly now: number
    readonly about?: Readonly<Record<string, unknown>>
    readonly values: Readonly<Record<string, unknown>>
    readonly tables: Readonly<Record<string, Readonly<Record<string, unknown>>>>
    readonly seconds: readonly { readonly second: number }[]
  }
}

export interface Watcher {
  readonly head: IncomingMessage
  readonly messages: () => Message[]
  /** Resolves with the first message, past or to come, that fits. */
  readonly until: (fits: (message: Message) => boolean) => Promise<Message>
  readonly ended: Promise<void>
  readonly leave: () => void
}

/** Opens the stream; it is closed with the test. */
export async function watch (t: TestContext, admin: string, headers: Record<string, string> = {}, path = '/live'): Promise<Watcher> {
  const { head, text, more, ended, leave } = await readEventStream(t, admin, path, headers)
  const messages = (): Message[] => [...text().matchAll(/^event: (\w+)\nid: \d+\ndata: (.+)\n\n/gm)].map(([, event, data]) => ({
    event: event!, data: JSON.parse(data!) as Message['data']
  }))
  const until: Watcher['until'] = async fits => {
    for (;;) {
      const found = messages().find(fits)
      if (found !== undefined) return found
      await more()
    }
  }
  return { head, messages, until, ended, leave }
}
