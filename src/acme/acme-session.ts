/** Requests to a directory: signed, each with a fresh nonce, one account (RFC 8555 §6). */

import type { KeyObject } from 'node:crypto'
import type { ServiceAnswer, ServiceClient } from '../service/service-client.ts'
import { AcmeError, readProblem } from './acme-error.ts'
import { isUrl, readDirectory, type Directory } from './directory.ts'
import { signJws } from './jws.ts'
import { readRetryAfter } from './retry-after.ts'

/** What a session works with. */
export interface AcmeSessionOptions {
  /** URL of the directory. */
  readonly directory: string
  /** Key of the account, P-256. */
  readonly key: KeyObject
  readonly http: Pick<ServiceClient, 'ask'>
  /** Ends all waiting, and prevents further requests. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Resolves after so many milliseconds; rejects when the signal aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
}

/** A response of the directory. */
export interface AcmeAnswer {
  readonly status: number
  /** Parsed JSON, where the response is JSON. */
  readonly json: Record<string, unknown>
  readonly text: string
  readonly location: string | undefined
  /** Milliseconds. */
  readonly retryAfter: number | undefined
}

/** A directory that rejects every nonce is given up. */
const mostNonces = 10
const agent = 'onedoor (ACME client)'

export class AcmeSession {
  readonly options: AcmeSessionOptions
  /** The URL of the account, once it is known. */
  kid: string | undefined
  readonly #nonces: string[] = []
  #directory: Promise<Directory> | undefined

  constructor (options: AcmeSessionOptions) {
    this.options = options
  }

  /** The resources of the directory, read once. */
  async directory (): Promise<Directory> {
    return await (this.#directory ??= this.#readDirectory())
  }

  /**
   * Reads a resource without a signature.
   * @throws AcmeError
   */
  async get (url: string): Promise<AcmeAnswer> {
    return this.#checked(await this.#ask(url, 'GET'), url)
  }

  /**
   * Sends a signed request. The payload '' reads a resource.
   * @throws AcmeError
   */
  async post (url: string, payload: unknown, accept = 'application/json'): Promise<AcmeAnswer> {
    const { key, directory } = this.options
    if (!isUrl(url, directory)) throw new AcmeError(`the directory gives an address that is not usable: ${JSON.stringify(url)}`)
    for (let attempt = 1; ; attempt++) {
      const nonce = this.#nonces.pop() ?? await this.#newNonce()
      const jws = signJws(key, { url, nonce, kid: this.kid }, payload)
      const answer = await this.#ask(url, 'POST', { 'content-type': 'application/jose+json', accept }, JSON.stringify(jws))
      try {
        return this.#checked(answer, url)
      } catch (error) {
        // The response has a new nonce with it.
        if ((error as AcmeError).problem?.type !== 'badNonce' || attempt === mostNonces) throw error
      }
    }
  }

  async #readDirectory (): Promise<Directory> {
    const { directory } = this.options
    return readDirectory((await this.get(directory)).json, directory)
  }

  async #newNonce (): Promise<string> {
    const { newNonce } = await this.directory()
    await this.#ask(newNonce, 'HEAD')
    const nonce = this.#nonces.pop()
    if (nonce === undefined) throw new AcmeError('the directory gives no nonce')
    return nonce
  }

  async #ask (url: string, method: string, headers: Readonly<Record<string, string>> = {}, body?: string): Promise<ServiceAnswer> {
    const { http, signal } = this.options
    signal.throwIfAborted()
    const fields = { 'user-agent': agent, 'accept-language': 'en', ...headers }
    let answer: ServiceAnswer
    try {
      answer = await http.ask({ url, method, headers: fields, ...body === undefined ? {} : { body } })
    } catch (error) {
      signal.throwIfAborted()
      const { message, cause } = error as Error
      const why = cause instanceof Error ? cause.message : message
      throw new AcmeError(`the directory ${new URL(url).host} does not respond: ${why}`, { cause: error, unreachable: true })
    }
    const { 'replay-nonce': nonce } = answer.headers
    if (typeof nonce === 'string' && this.#nonces.length < mostNonces) this.#nonces.push(nonce)
    return answer
  }

  #checked ({ status, headers, body }: ServiceAnswer, url: string): AcmeAnswer {
    const { location } = headers
    const text = body.toString()
    const retryAfter = readRetryAfter(headers['retry-after'], this.options.now())
    const json = objectOf(text)
    if (status < 300) return { status, json, text, location: typeof location === 'string' ? location : undefined, retryAfter }
    const problem = readProblem(json)
    throw new AcmeError(`${new URL(url).host} responds with ${status}`, {
      problem,
      retryAfter,
      // A proxy or an overloaded server, not a decision about the request.
      unreachable: problem === undefined && status >= 500
    })
  }
}

function objectOf (text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  } catch {
    return {}
  }
}
