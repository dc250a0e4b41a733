/** Clients of the admin listener that read events as they happen, as Server-Sent Events (HTML Living Standard §9.2). Outlive a reload. */

import type { ServerResponse } from 'node:http'
import type { GatewayEvent } from '../../../src/index.ts'
import type { EventFilter } from './event-query.ts'

/** Most clients at once. */
const mostStreams = 8

/** How often a comment is sent, so that proxies do not close a silent connection, in milliseconds. */
const heartbeatEvery = 15_000

/** Most bytes that wait for a client beside what it asked for at the start. A client that falls further behind is disconnected. */
const longestQueue = 1024 * 1024

/** Milliseconds after which a client that was disconnected may come back. */
const retryAfter = 1000

interface Stream {
  readonly fits: EventFilter
  /** The rules of access that let it in. */
  readonly rules: string
  /** Most bytes that may wait. */
  readonly limit: number
}

export class EventStreams {
  readonly #streams = new Map<ServerResponse, Stream>()
  #heartbeat: NodeJS.Timeout | undefined

  /** Whether there is no room for another client. */
  get full (): boolean {
    return this.#streams.size >= mostStreams
  }

  /** Adds a client whose headers are written. It gets `missed` at once, and then what fits. */
  add (response: ServerResponse, missed: readonly GatewayEvent[], fits: EventFilter, rules: string): void {
    const first = `retry: ${retryAfter}\n\n${missed.map(messageOf).join('')}`
    response.write(first)
    this.#streams.set(response, { fits, rules, limit: Buffer.byteLength(first) + longestQueue })
    response.once('close', () => this.#remove(response))
    this.#heartbeat ??= setInterval(() => {
      for (const [client, { limit }] of this.#streams) write(client, ': heartbeat\n\n', limit)
    }, heartbeatEvery).unref()
  }

  /**
   * Sends an event to the clients that want it. Clients that were let in under other rules of access are disconnected: they must show their
   * token again.
   */
  send (event: GatewayEvent, rules: string): void {
    if (this.#streams.size === 0) return
    const message = messageOf(event)
    for (const [client, stream] of this.#streams) {
      if (stream.rules !== rules) client.end()
      else if (stream.fits(event)) write(client, message, stream.limit)
    }
  }

  /** Disconnects all clients when what was sent has left. */
  end (): void {
    for (const client of this.#streams.keys()) client.end()
  }

  #remove (response: ServerResponse): void {
    this.#streams.delete(response)
    if (this.#streams.size > 0) return
    clearInterval(this.#heartbeat)
    this.#heartbeat = undefined
  }
}

function write (client: ServerResponse, text: string, limit: number): void {
  if (client.writableEnded) return
  if (client.writableLength > limit) client.destroy()
  else client.write(text)
}

/** Without an `event` field, so that `onmessage` of a browser gets all of them. JSON has no line breaks. */
function messageOf (event: GatewayEvent): string {
  return `id: ${event.number}\ndata: ${JSON.stringify(event)}\n\n`
}
