/** An HTTP client for policies that ask a service, such as for the keys of an issuer or about a token. Size and time are limited. */

import { Agent, request } from 'undici'
import type { NameLookup } from '../dns/names.ts'
import { classify } from '../transport/failure.ts'
import { within } from './deadline.ts'
import { ServiceUnavailable, UnusableAnswer } from './service-unavailable.ts'

/** A request to the service. */
export interface Question {
  /** Absolute, http: or https:. */
  readonly url: string
  /** GET by default. */
  readonly method?: string
  /** Bytes, one per character. A list stands for several fields of one name. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Buffer
  /** Whether the request may be sent twice when the service has just closed the connection; true for GET by default. */
  readonly repeatable?: boolean
}

/** The response, with any status. Redirects are never followed. */
export interface ServiceAnswer {
  readonly status: number
  /** By lower-case name; bytes, one per character. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: Buffer
}

/** Options of a client. */
export interface ServiceOptions {
  /** Milliseconds from the request to the last byte of the response. */
  readonly timeout: number
  /** Most bytes of a response body. */
  readonly limit: number
  /** Resolves the name of the service: `app.gateway.names`. */
  readonly names: NameLookup
  /** Certificates (PEM) that are trusted instead of the public ones. */
  readonly ca?: string | undefined
}

/** Most connections to one service. A policy sends few requests, because it keeps the results. */
const connections = 64

/** The client of one service. It keeps connections, so keep it in a resource and close it there. */
export class ServiceClient {
  readonly #agent: Agent
  readonly #options: ServiceOptions

  constructor (options: ServiceOptions) {
    this.#options = options
    this.#agent = new Agent({
      connections,
      pipelining: 1,
      maxHeaderSize: 16 * 1024,
      // One timer covers the whole response, below.
      headersTimeout: 0,
      bodyTimeout: 0,
      connect: {
        // Ends connections that no request waits for any more. A request has its own timer, which may double after a pause of the process.
        timeout: 2 * options.timeout,
        lookup: options.names.lookup,
        ...(options.ca === undefined ? {} : { ca: options.ca.trim() })
      }
    })
  }

  /**
   * Sends a request and reads the whole response.
   * @throws ServiceUnavailable
   */
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
      // A shortage on this machine says nothing about the service.
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
      if (length > limit) throw new UnusableAnswer(`the response is longer than ${limit} bytes`)
      chunks.push(chunk)
    }
    return { status: answer.statusCode, headers: answer.headers, body: Buffer.concat(chunks) }
  }

  async close (): Promise<void> {
    await this.#agent.destroy()
  }
}

/** Whether the connection was closed before the response was complete, as services do with idle connections. */
function isClosed (error: unknown): boolean {
  const { code } = error as { code?: unknown }
  return code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE'
}
