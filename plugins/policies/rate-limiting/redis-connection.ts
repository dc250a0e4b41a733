/**
 * One connection to Redis, shared by all policies with the same server; each thread has its own. It knows whether Redis is
 * available, how many gateways use it, and whether Redis has lost its data.
 *
 * Only the heartbeat detects that Redis is back. It runs every second, and more often while Redis is unavailable, one
 * at a time. So requests never wait for a Redis that is known to be down, and no calls queue up.
 *
 *          a call fails or takes too long
 *     up ──────────────────────────────────▶ down: nobody calls
 *     ▲                                        │
 *     └──── a heartbeat succeeds ◀─────────────┘ every 50 ms … 1 s
 */

import { createClient } from '@redis/client'
import { type NameLookup, patiently } from '../../../src/index.ts'
import { heartbeatScript, type Script } from './redis-script.ts'

/** The dependencies and settings of a connection. */
export interface ConnectionOptions {
  /** `redis://`, `rediss://` or `unix://`, with user, password and database where there are any. */
  readonly url: string
  /** First part of all keys. */
  readonly prefix: string
  /** Resolves the host name. */
  readonly names: NameLookup
  /** Identifies this gateway, with all its threads, among those that use the same Redis. */
  readonly id: string
  readonly now: () => number
  readonly random: () => number
}

/** Called with the state of a {@link RedisConnection}: with the error when Redis is unavailable, with undefined when it is available. */
export type StateListener = (error: Error | undefined) => void

/** A call that took longer than it may. */
export class RedisTimeout extends Error {
  override readonly name = 'RedisTimeout'
}

const heartbeatEvery = 1000
const soonestRetry = 50
/** Milliseconds after its last heartbeat for which a gateway is counted. */
const goneAfter = 5000
/** Timeout for connecting and for a heartbeat. Requests wait for neither. */
const patience = 1000
/** The most pending calls. With more, Redis is slower than requests arrive, and waiting would make it worse. */
const longestQueue = 10_000

type Client = ReturnType<typeof newClient>

export class RedisConnection {
  readonly #options: ConnectionOptions
  readonly #listeners = new Set<StateListener>()
  #client: Client | undefined
  #timer: NodeJS.Timeout | undefined
  #closed = false
  #failures = 0
  #word: string | undefined
  #firstBeat: Promise<void> | undefined
  readonly #first = Promise.withResolvers<void>()
  #beating = false
  /** The state that the listeners have been told; undefined before the first. */
  #told: 'up' | 'down' | undefined
  /** Whether the last call to Redis succeeded. */
  up = false
  /** The number of gateways that use this Redis, by the last heartbeat; 1 before the first. */
  gateways = 1
  /** When it was detected that Redis had lost its data, on the clock of `now`. */
  forgotAt = -Infinity
  /** Why it is not `up`. */
  failure: Error | undefined

  constructor (options: ConnectionOptions) {
    this.#options = options
  }

  /** Resolves after the first success or failure to connect. Never rejects. */
  get tried (): Promise<void> {
    return this.#first.promise
  }

  /** Connects. Resolves after the first success or failure. Never rejects. */
  async open (): Promise<void> {
    this.#firstBeat ??= this.#beat().finally(this.#first.resolve)
    await this.#firstBeat
  }

  /** Calls the listener with the state, as soon as it is known, and for every change, until the returned function is called. */
  listen (listener: StateListener): () => void {
    this.#listeners.add(listener)
    if (this.#told !== undefined) listener(this.#told === 'down' ? this.failure : undefined)
    return () => this.#listeners.delete(listener)
  }

  /**
   * Runs a script on one key.
   * @param timeout milliseconds
   * @throws the error of Redis, or RedisTimeout; the connection is then down
   */
  async run (script: Script, key: string, args: readonly string[], timeout: number): Promise<readonly number[]> {
    try {
      return await this.#evaluate<readonly number[]>(script, [key], args, timeout)
    } catch (error) {
      this.#fail(error as Error)
      throw error
    }
  }

  close (): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#drop()
  }

  async #beat (): Promise<void> {
    if (this.#beating) return
    this.#beating = true
    try {
      const client = this.#client ??= await this.#connect()
      const { prefix, id, now, random } = this.#options
      const keys = [`${prefix}{gateways}`, `${prefix}{gateways}:memory`]
      const [gateways, word] = await this.#evaluate<[number, string]>(
        heartbeatScript,
        keys,
        [id, String(goneAfter * 1000), `${id}-${random()}`],
        patience,
        client
      )
      if (this.#word !== undefined && this.#word !== word) this.forgotAt = now()
      // An emptied Redis learns of the gateways one after the other. Until then the previous number is used.
      this.gateways = Math.max(gateways, now() < this.forgotAt + goneAfter ? this.gateways : 1)
      this.#word = word
      this.#recover()
    } catch (error) {
      // A connection without a response to its heartbeat may be dead, so a new one is opened.
      this.#drop()
      this.#failures++
      this.#fail(error as Error)
    }
    this.#beating = false
    this.#schedule(this.up ? heartbeatEvery : this.#backoff())
  }

  async #connect (): Promise<Client> {
    const client = newClient(this.#options)
    client.on('error', (error: Error) => {
      if (this.#client !== client) return
      this.#drop()
      this.#fail(error)
    })
    try {
      await within(client.connect(), patience)
      if (this.#closed) throw new Error('closed')
      return client
    } catch (error) {
      client.destroy()
      const { names, url } = this.#options
      // A Unix socket has no host name, and its URL may not be one that URL parsers accept.
      const host = URL.parse(url)?.hostname
      if (host !== undefined && host !== '') names.doubt(host)
      throw error
    }
  }

  async #evaluate<T> (
    { sha1, source }: Script,
    keys: readonly string[],
    args: readonly string[],
    timeout: number,
    client = this.#client
  ): Promise<T> {
    if (client === undefined) throw this.failure ?? new Error('not connected')
    const rest = [String(keys.length), ...keys, ...args]
    return await within(client.sendCommand<T>(['EVALSHA', sha1, ...rest]).catch(async (error: Error) => {
      if (!error.message.startsWith('NOSCRIPT')) throw error
      return await client.sendCommand<T>(['EVAL', source, ...rest])
    }), timeout)
  }

  #fail (error: Error): void {
    if (this.#closed) return
    const wasUp = this.up
    this.failure = error
    this.up = false
    if (this.#told !== 'down') this.#tell(error)
    if (wasUp) this.#schedule(this.#backoff())
  }

  #recover (): void {
    this.failure = undefined
    this.#failures = 0
    if (this.#closed) return
    this.up = true
    if (this.#told !== 'up') this.#tell(undefined)
  }

  #tell (error: Error | undefined): void {
    this.#told = error === undefined ? 'up' : 'down'
    for (const listener of this.#listeners) listener(error)
  }

  #backoff (): number {
    const longest = Math.min(heartbeatEvery, soonestRetry * 2 ** Math.min(this.#failures, 10))
    return longest * (0.5 + this.#options.random() / 2)
  }

  #schedule (delay: number): void {
    clearTimeout(this.#timer)
    if (this.#closed) return
    this.#timer = setTimeout(() => { void this.#beat() }, delay).unref()
  }

  #drop (): void {
    const client = this.#client
    this.#client = undefined
    client?.destroy()
  }
}

function newClient ({ url, names }: ConnectionOptions) {
  return createClient({
    url,
    disableOfflineQueue: true,
    commandsQueueMaxLength: longestQueue,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    // The timeout is measured here, because that of the client library ends when the call is written.
    commandOptions: { timeout: 0 },
    // The heartbeat reconnects and detects failures sooner than the client library's own timer.
    socket: { connectTimeout: 3 * patience, reconnectStrategy: false, lookup: names.lookup }
  })
}

/** @throws RedisTimeout after `timeout` milliseconds; a later response is ignored */
async function within<T> (promise: Promise<T>, timeout: number): Promise<T> {
  return await new Promise<T>((resolve, reject) => {
    const timer = patiently(timeout, () => reject(new RedisTimeout(`no response within ${timeout}ms`)))
    promise.then(value => {
      timer.clear()
      resolve(value)
    }, (error: Error) => {
      timer.clear()
      reject(error)
    })
  })
}
