/** The links of the control thread to its data threads, which come and go. */

import type { FromThread, Link, LinksToThreads } from '../contract/link.ts'

/** How long a question to all threads may take, in milliseconds. A thread that hangs must not hold up the others. */
const longestAnswer = 2000

export class Links implements LinksToThreads {
  readonly #links = new Map<number, Link>()
  readonly #listeners = new Map<string, FromThread>()
  readonly #answers = new Map<string, FromThread>()
  readonly #joined = new Set<(link: Link, thread: number) => void>()

  /** The threads that there are. */
  get threads (): readonly number[] {
    return [...this.#links.keys()]
  }

  /** Adds a thread. It is heard from now on. */
  add (thread: number, link: Link): void {
    this.#links.set(thread, link)
    for (const [channel, listener] of this.#listeners) link.on(channel, message => { listener(message, thread) })
    for (const [channel, answer] of this.#answers) link.answer(channel, question => answer(question, thread))
    for (const joined of this.#joined) joined(link, thread)
  }

  /** A thread has gone. */
  remove (thread: number): void {
    this.#links.delete(thread)
  }

  /** Calls `joined` for every thread, those that there are included, before it builds its first generation. */
  onJoined (joined: (link: Link, thread: number) => void): void {
    this.#joined.add(joined)
    for (const [thread, link] of this.#links) joined(link, thread)
  }

  /** Sends a message to all threads. */
  send (channel: string, message: unknown): void {
    for (const link of this.#links.values()) link.send(channel, message)
  }

  /** Calls `listener` for every message of any thread on a channel. */
  on (channel: string, listener: FromThread): void {
    this.#listeners.set(channel, listener)
    for (const [thread, link] of this.#links) link.on(channel, message => { listener(message, thread) })
  }

  /** Answers the questions of all threads on a channel. */
  answer (channel: string, answer: FromThread): void {
    this.#answers.set(channel, answer)
    for (const [thread, link] of this.#links) link.answer(channel, question => answer(question, thread))
  }

  /** Asks one thread. Rejects when no thread has this number, and when it ends before it has answered. */
  async askOne (thread: number, channel: string, question: unknown): Promise<unknown> {
    const link = this.#links.get(thread)
    if (link === undefined) throw new Error(`there is no thread ${thread}`)
    return await link.ask(channel, question)
  }

  /** Asks all threads; those that do not answer in time, or fail, are left out. */
  async askAll (channel: string, question: unknown, longest = longestAnswer): Promise<ReadonlyMap<number, unknown>> {
    const answers = new Map<number, unknown>()
    const late = Promise.withResolvers<void>()
    const timer = setTimeout(late.resolve, longest)
    const asked = [...this.#links].map(async ([thread, link]) => {
      const answer = await link.ask(channel, question).catch(() => undefined)
      if (answer !== undefined) answers.set(thread, answer)
    })
    await Promise.race([Promise.all(asked), late.promise])
    clearTimeout(timer)
    return new Map(answers)
  }
}
