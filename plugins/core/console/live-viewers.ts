/** Those who watch the gateway live, as Server-Sent Events (HTML Living Standard §9.2). Outlives a reload. Runs while somebody watches. */

import type { ServerResponse } from 'node:http'
import { type Ask, readAll } from './live-reading.ts'
import { LiveState } from './live-state.ts'

/** Most viewers at once. */
const mostViewers = 8

/** Milliseconds between two looks. Each sends something, so that a viewer knows that its connection works. */
const lookEvery = 1000

/** The second look is so soon, because the sampler of the traffic has its first figures then: nobody waits a second for them. */
const secondLook = 400

/** Most bytes that wait for a viewer beside its first message. A viewer that falls further behind is disconnected. */
const longestQueue = 1024 * 1024

export interface Viewer {
  readonly response: ServerResponse
  /** Asks on behalf of the viewer: rejects when it may not look any more. */
  readonly ask: Ask
  /** Most bytes that may wait; undefined before its first message. */
  limit?: number
}

export class LiveViewers {
  readonly #viewers = new Set<Viewer>()
  readonly #now: () => number
  readonly #about: object
  #state = new LiveState()
  #sequence = 0
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  /** @param now milliseconds since 1970  @param about what a snapshot says of the process */
  constructor (now: () => number, about: object) {
    this.#now = now
    this.#about = about
  }

  /** Whether there is no room for another viewer. */
  get full (): boolean {
    return this.#viewers.size >= mostViewers
  }

  /** Whether it runs. */
  get running (): boolean {
    return this.#timer !== undefined
  }

  /** Adds a viewer whose headers are written. It gets all there is, and then what changes. */
  add (viewer: Viewer): void {
    this.#viewers.add(viewer)
    viewer.response.once('close', () => this.#remove(viewer))
    this.#timer ??= setTimeout(() => {
      this.#timer = setInterval(() => void this.#look(), lookEvery).unref()
      void this.#look()
    }, secondLook).unref()
    void this.#look()
  }

  /** Disconnects all viewers when what was sent has left. */
  end (): void {
    for (const { response } of this.#viewers) response.end()
  }

  /** One look at a time: where one takes long, the next is left out. */
  async #look (): Promise<void> {
    await (this.#looking ??= this.#lookNow().finally(() => { this.#looking = undefined }))
  }

  async #lookNow (): Promise<void> {
    await Promise.all([...this.#viewers].map(async viewer => {
      // It may look as long as the guard of the listener lets it in: its token or session may have ended.
      await viewer.ask('/threads').catch(() => viewer.response.end())
    }))
    const [first] = [...this.#viewers].filter(({ response }) => !response.writableEnded)
    if (first === undefined) return
    const reading = await readAll(first.ask, this.#state.since).catch(() => undefined)
    if (reading === undefined) return
    const stamp = { sequence: ++this.#sequence, now: this.#now() }
    const news = messageOf('delta', stamp, this.#state.take(reading))
    let all: string | undefined
    for (const viewer of this.#viewers) {
      if (viewer.limit !== undefined) {
        write(viewer, news)
        continue
      }
      all ??= messageOf('snapshot', stamp, JSON.stringify({ about: this.#about, ...this.#state.all }))
      viewer.limit = Buffer.byteLength(all) + longestQueue
      write(viewer, all)
    }
  }

  #remove (viewer: Viewer): void {
    this.#viewers.delete(viewer)
    if (this.#viewers.size > 0) return
    clearInterval(this.#timer)
    this.#timer = undefined
    this.#state = new LiveState()
  }
}

function write ({ response, limit }: Viewer, text: string): void {
  if (response.writableEnded) return
  if (response.writableLength > limit!) response.destroy()
  else response.write(text)
}

/** JSON has no line breaks. @param data an object with members */
function messageOf (event: string, { sequence, now }: { readonly sequence: number, readonly now: number }, data: string): string {
  return `event: ${event}\nid: ${sequence}\ndata: {"sequence":${sequence},"now":${now},${data.slice(1)}\n\n`
}
