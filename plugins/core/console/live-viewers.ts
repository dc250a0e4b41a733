/** Those who watch the gateway live, as Server-Sent Events (HTML Living Standard §9.2). Outlives a reload. Runs while there are viewers. */

import type { ServerResponse } from 'node:http'
import { type Ask, readAll } from './live-reading.ts'
import { deltaOf, LiveState } from './live-state.ts'
import { isWanted, type LargeTable } from './live-tables.ts'

/** Most viewers at once. */
const mostViewers = 8

/** Milliseconds between two looks. Each sends something, so that a viewer knows that its connection works. */
const lookEvery = 1000

/** The second look is so soon after the first one, because then the sampler of the traffic has its first figures. */
const secondLook = 250

/** Most bytes that wait for a viewer beside its first message. A viewer that falls further behind is disconnected. */
const longestQueue = 1024 * 1024

export interface Viewer {
  readonly response: ServerResponse
  /** Asks on behalf of the viewer: rejects when it may no longer look. */
  readonly ask: Ask
  /** The large tables that it wants. */
  readonly tables: ReadonlySet<LargeTable>
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
    return this.#viewers.size > 0
  }

  /** Adds a viewer whose headers are written. It gets all there is, and then what changes. */
  add (viewer: Viewer): void {
    this.#viewers.add(viewer)
    viewer.response.once('close', () => this.#remove(viewer))
    void this.#begin(viewer)
  }

  /** Disconnects all viewers when what was sent has left. */
  end (): void {
    for (const { response } of this.#viewers) response.end()
  }

  async #begin (viewer: Viewer): Promise<void> {
    await this.#look()
    // A look that had begun before did not know of it.
    if (viewer.limit === undefined) await this.#look()
    if (this.#viewers.size === 0) return
    this.#timer ??= setTimeout(() => {
      this.#timer = setInterval(() => void this.#look(), lookEvery).unref()
      void this.#look()
    }, secondLook).unref()
  }

  /** One look at a time: where one takes long, the next is left out. */
  async #look (): Promise<void> {
    await (this.#looking ??= this.#lookNow().finally(() => { this.#looking = undefined }))
  }

  async #lookNow (): Promise<void> {
    const viewers = [...this.#viewers]
    await Promise.all(viewers.map(async viewer => {
      // It may look as long as the guard of the listener lets it in: its token or session may have ended.
      await viewer.ask('/threads').catch(() => viewer.response.end())
    }))
    const watching = viewers.filter(({ response }) => !response.writableEnded)
    const [first] = watching
    if (first === undefined) return
    const wanted = new Set(watching.flatMap(({ tables }) => [...tables]))
    const reading = await readAll(first.ask, this.#state.since, wanted).catch(() => undefined)
    if (reading === undefined) return
    const stamp = { sequence: ++this.#sequence, now: this.#now() }
    const news = this.#state.take(reading)
    // Those who want the same get the same text.
    const texts = new Map<string, string>()
    for (const viewer of watching) {
      const isNew = viewer.limit === undefined
      const kind = `${isNew} ${[...viewer.tables].join()}`
      let text = texts.get(kind)
      if (text === undefined) {
        const wants = (table: string): boolean => isWanted(table, viewer.tables)
        text = isNew ? messageOf('snapshot', stamp, this.#snapshot(wants)) : messageOf('delta', stamp, deltaOf(news, wants))
        texts.set(kind, text)
      }
      viewer.limit ??= Buffer.byteLength(text) + longestQueue
      write(viewer, text)
    }
  }

  #snapshot (wants: (table: string) => boolean): string {
    const { tables, ...others } = this.#state.all
    const wanted = Object.fromEntries(Object.entries(tables).filter(([name]) => wants(name)))
    return JSON.stringify({ about: this.#about, ...others, tables: wanted })
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
