/** A client of a stream of Server-Sent Events. */

import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { TestContext } from 'node:test'
import { begin, headOf } from './client.ts'

export interface EventStreamClient {
  readonly head: IncomingMessage
  /** What has come so far. */
  readonly text: () => string
  /** Resolves when more has come. */
  readonly more: () => Promise<unknown>
  readonly ended: Promise<void>
  readonly leave: () => void
}

/** Opens the stream; it is closed with the test. */
export async function readEventStream (
  t: TestContext,
  base: string,
  path: string,
  headers: Record<string, string> = {}
): Promise<EventStreamClient> {
  const outgoing = begin(base, path, { headers: { accept: 'text/event-stream', ...headers } })
  outgoing.end()
  t.after(() => outgoing.destroy())
  const head = await headOf(outgoing)
  const news = new EventTarget()
  const ended = new Promise<void>(resolve => { head.once('close', resolve) })
  let text = ''
  head.setEncoding('utf8').on('error', () => {}).on('data', (chunk: string) => {
    text += chunk
    news.dispatchEvent(new Event('news'))
  })
  return { head, text: () => text, more: async () => await once(news, 'news'), ended, leave: () => outgoing.destroy() }
}
