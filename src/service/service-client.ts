/** Asks a service on behalf of a policy: keys of an issuer, whether a token holds, who a session belongs to. Everything about the answer is bounded. */

import { Agent, request } from 'undici'
import type { NameLookup } from '../dns/names.ts'
import { classify } from '../transport/failure.ts'
import { within } from './deadline.ts'
import { ServiceUnavailable, UnusableAnswer } from './service-unavailable.ts'

/** What is asked. */
export interface Question {
  /** Absolute, http: or https:. */
  readonly url: string
  /** GET unless given. */
  readonly method?: string
  /** Bytes, one per character; several of one name as a list. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** Whether asking twice does no harm; true for GET unless given. Then a connection that the service had just closed costs no answer. */
  readonly repeatable?: boolean
}

/** What came back: any status, a redirect included, which is never followed. */
export interface ServiceAnswer {
  readonly status: number
  /** By lower-case name; bytes, one per character. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** How a service is asked. */
export interface ServiceOptions {
  /** Milliseconds from the question to the last byte of the answer. */
  readonly timeout: number
  /** Most bytes of an answer. */
  readonly limit: number
  /** Looks its name up: `app.gateway.names`. */
  readonly names: NameLookup
  /** Certificates (PEM) that are trusted instead of the public ones. */
  readonly ca?: string | undefined
}

/** Most connections to one service: a policy asks seldom, and keeps what it learnt. */
const connections = 64

/** Keeps connections, so hold it in a lease and close it there. */
export class ServiceClient {
  readonly #agent: Agent
  readonly #options: ServiceOptions

  constructor (options: ServiceOptions) {
    this.#options = options
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      maxHeaderSize: 16 * 1024,
      // One timer for the whole answer, below.
      headersTimeout: 0,
      bodyTimeout: 0,
      // A connection that nobody waits for any more; the question has its own timer, which a pause of this process makes longer, twice at most.
      connect: { timeout: 2 * options.timeout, lookup: options.names.lookup, ...(options.ca === undefined ? {} : { ca: options.ca.trim() }) }
    })
  }

  /** @throws ServiceUnavailable */
  async ask (question: Question): Promise<ServiceAnswer> {
    const { timeout } = this.#options
    const { method = 'GET', repeatable = method === 'GET' } = question
    try {
      return await within(timeout, async signal => await this.#once(question, signal).catch(async (error: unknown) => {
        if (!repeatable || !isClosed(error)) throw error
        return await this.#once(question, signal)
      }))
    } catch (error) {
      if (error instanceof UnusableAnswer) throw error
      this.#options.names.doubt(new URL(question.url).hostname)
      if (error instanceof ServiceUnavailable) throw error
      // What this machine lacks says nothing about the service.
      if (classify(error).fault === 'gateway') throw new UnusableAnswer('the service cannot be asked', { cause: error })
      throw new ServiceUnavailable('the service cannot be reached', { cause: error })
    }
  }

  async #once ({ url, method = 'GET', headers = {}, body }: Question, signal: AbortSignal): Promise<ServiceAnswer> {
    const { limit } = this.#options
    const answer = await request(url, {
      dispatcher: this.#agent,
      method: method as 'GET',
      headers: headers as Record<string, string | string[]>,
      signal,
      ...(body === undefined ? {} : { body })
    })
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of answer.body as AsyncIterable<Buffer>) {
      length += chunk.length
      // Leaving the loop destroys the body, and with it the connection.
      if (length > limit) throw new UnusableAnswer(`the answer is longer than ${limit} bytes`)
      chunks.push(chunk)
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
  }

  async close (): Promise<void> {
    await this.#agent.destroy()
  }
}

/** Whether a connection was closed before the answer was complete, as services do with those that were idle for a while. */
function isClosed (error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}
