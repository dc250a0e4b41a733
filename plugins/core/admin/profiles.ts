/** Takes profiles of the threads of the gateway, one at a time. */

import { Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import { GatewayError, type Threads, within } from '../../../src/index.ts'
import { Profiler, type ProfileStep } from './profiler.ts'

/** The channel on which a thread is asked for a step. */
const channel = 'profile'

/** How long a thread may take for a step of a CPU profile, and of a snapshot of its heap, in milliseconds. */
const longestStep = 10_000
const longestSnapshot = 120_000

/** In a data thread: takes the profiles that the control thread asks for. */
export function offerProfiles (threads: Threads, profiler: Profiler): void {
  threads.toControl?.answer(channel, async (step: ProfileStep) => await profiler.step(step))
}

export class Profiles {
  readonly #own = new Profiler()
  #busy = false

  /**
   * Takes a CPU profile, as JSON that Chrome DevTools read. Ends early, without one, when the client has left.
   * @throws GatewayError `conflict` while another profile is taken, `overloaded` when the thread does not respond
   */
  async cpu (threads: Threads, thread: number, milliseconds: number, left: AbortSignal): Promise<string | undefined> {
    this.#begin()
    try {
      await this.#ask(threads, thread, 'begin-cpu', longestStep)
      await wait(milliseconds, undefined, { signal: left }).catch(() => {})
      if (!left.aborted) return await this.#ask(threads, thread, 'end-cpu', longestStep)
      await this.#ask(threads, thread, 'drop', longestStep)
      return undefined
    } finally {
      this.#busy = false
    }
  }

  /**
   * Takes a snapshot of the heap, as a stream of JSON that Chrome DevTools read.
   * @throws GatewayError `conflict` while another profile is taken, `overloaded` when the thread does not respond
   */
  async heap (threads: Threads, thread: number): Promise<Readable> {
    this.#begin()
    try {
      await this.#ask(threads, thread, 'begin-heap', longestSnapshot)
    } catch (error) {
      this.#busy = false
      throw error
    }
    const next = async (): Promise<string | undefined> => await this.#ask(threads, thread, 'next-heap', longestStep)
    return Readable.from(piecesOf(next), { objectMode: false }).once('close', () => {
      this.#busy = false
      this.#ask(threads, thread, 'drop', longestStep).catch(() => {})
    })
  }

  /** Forgets what was begun in this thread. */
  async close (): Promise<void> {
    await this.#own.step('drop')
  }

  #begin (): void {
    if (this.#busy) throw new GatewayError('conflict', { detail: 'another profile is being taken' })
    this.#busy = true
  }

  async #ask ({ toThreads }: Threads, thread: number, step: ProfileStep, longest: number): Promise<string | undefined> {
    if (thread === 0) return await this.#own.step(step)
    try {
      return await within(toThreads!.askOne(thread, channel, step), longest) as string | undefined
    } catch (error) {
      throw new GatewayError('overloaded', { detail: `thread ${thread} does not respond`, cause: error })
    }
  }
}

async function * piecesOf (next: () => Promise<string | undefined>): AsyncGenerator<string> {
  for (let piece = await next(); piece !== undefined; piece = await next()) yield piece
}
