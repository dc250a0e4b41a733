/** A link over the port of a thread. */

import type { MessagePort } from 'node:worker_threads'
import type { Link } from '../contract/link.ts'

/** What is sent: a message, a question, or the answer to one. */
interface Packet {
  readonly channel: string
  readonly message: unknown
  /** The number of the question. */
  readonly question?: number
  /** The number of the question that this answers. */
  readonly answers?: number
  /** Whether `message` is the error with which answering has failed. */
  readonly failed?: boolean
}

interface Asked {
  readonly resolve: (answer: unknown) => void
  readonly reject: (error: unknown) => void
}

/** A link over the port of a thread, or over its Worker. */
export class PortLink implements Link {
  readonly #port: Pick<MessagePort, 'postMessage'>
  readonly #listeners = new Map<string, (message: never) => void>()
  readonly #answers = new Map<string, (question: never) => unknown>()
  readonly #asked = new Map<number, Asked>()
  #questions = 0
  #gone: Error | undefined

  constructor (port: Pick<MessagePort, 'postMessage'> & { on (event: 'message', listener: (packet: Packet) => void): unknown }) {
    this.#port = port
    port.on('message', packet => this.#receive(packet))
  }

  send (channel: string, message: unknown): void {
    this.#post({ channel, message })
  }

  on (channel: string, listener: (message: never) => void): void {
    this.#listeners.set(channel, listener)
  }

  async ask (channel: string, message: unknown): Promise<unknown> {
    if (this.#gone !== undefined) throw this.#gone
    const question = ++this.#questions
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    this.#asked.set(question, { resolve, reject })
    this.#post({ channel, message, question })
    return await promise
  }

  answer (channel: string, answer: (question: never) => unknown): void {
    this.#answers.set(channel, answer)
  }

  /** The other end has gone: what was asked of it fails, now and later. */
  close (reason: Error): void {
    this.#gone = reason
    for (const { reject } of this.#asked.values()) reject(reason)
    this.#asked.clear()
  }

  #receive (packet: Packet): void {
    const { channel, message, question, answers } = packet
    if (answers !== undefined) this.#settle(answers, packet)
    else if (question !== undefined) void this.#reply(channel, message, question)
    else this.#listeners.get(channel)?.(message as never)
  }

  #settle (number: number, { message, failed }: Packet): void {
    const asked = this.#asked.get(number)
    this.#asked.delete(number)
    if (failed === true) asked?.reject(message)
    else asked?.resolve(message)
  }

  async #reply (channel: string, message: unknown, answers: number): Promise<void> {
    try {
      this.#post({ channel, message: await this.#answers.get(channel)?.(message as never), answers })
    } catch (error) {
      this.#post({ channel, message: error, answers, failed: true })
    }
  }

  #post (packet: Packet): void {
    if (this.#gone === undefined) this.#port.postMessage(packet)
  }
}
