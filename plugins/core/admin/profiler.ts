/** Profiles of the thread that this code runs in: what its time is spent on, and what its memory contains. One at a time. */

import type { Session } from 'node:inspector/promises'

/** What a profiler is asked to do, in this order: begin and end, or begin and take pieces until there are none. */
export type ProfileStep = 'begin-cpu' | 'end-cpu' | 'begin-heap' | 'next-heap' | 'drop'

/** Characters of a piece. */
const pieceSize = 256 * 1024

export class Profiler {
  #session: Session | undefined
  #heap: AsyncIterator<string> | undefined

  /**
   * Does the next step. Resolves with JSON for `end-cpu`, with a piece of JSON for `next-heap`, and with undefined when there are no more.
   * `drop` forgets what was begun.
   */
  async step (step: ProfileStep): Promise<string | undefined> {
    switch (step) {
      case 'begin-cpu': return await this.#beginCpu()
      case 'end-cpu': return await this.#endCpu()
      case 'begin-heap': return await this.#beginHeap()
      case 'next-heap': return await this.#nextPiece()
      case 'drop': this.#drop()
    }
    return undefined
  }

  async #beginCpu (): Promise<undefined> {
    this.#drop()
    const { Session } = await import('node:inspector/promises')
    const session = this.#session = new Session()
    session.connect()
    await session.post('Profiler.enable')
    await session.post('Profiler.start')
  }

  async #endCpu (): Promise<string> {
    const { profile } = await this.#session!.post('Profiler.stop')
    this.#drop()
    return JSON.stringify(profile)
  }

  /** Nothing else runs in this thread meanwhile: for a heap of 100 MB about a second. */
  async #beginHeap (): Promise<undefined> {
    this.#drop()
    const { getHeapSnapshot } = await import('node:v8')
    this.#heap = getHeapSnapshot().setEncoding('utf8')[Symbol.asyncIterator]() as AsyncIterator<string>
  }

  async #nextPiece (): Promise<string | undefined> {
    let piece = ''
    while (piece.length < pieceSize) {
      const next = await this.#heap?.next()
      if (next === undefined || next.done === true) break
      piece += next.value
    }
    return piece === '' ? undefined : piece
  }

  #drop (): void {
    this.#session?.disconnect()
    this.#session = undefined
    void this.#heap?.return?.()
    this.#heap = undefined
  }
}
