/**
 * Caches the addresses of names for every connection that the gateway opens. Connections to the same name share one look-up, and while
 * name servers do not respond the last known addresses are used. Names do not wait for each other.
 */

import { isIPv6, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import type { NameAnswer } from './query.ts'

/** Options of {@link Names}. */
export interface NamesOptions {
  /** Resolves a name. It never throws, and has a time limit of its own. */
  readonly ask: (name: string) => Promise<NameAnswer>
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Called with the code when a name can no longer be resolved, and with undefined when it can be again. */
  readonly changed?: (name: string, failure: string | undefined) => void
}

/** Thrown for a name without an address. The code is that of getaddrinfo: ENOTFOUND for no such name, EAI_AGAIN for a failure. */
export class NameError extends Error {
  override readonly name = 'NameError'
  readonly code: 'ENOTFOUND' | 'EAI_AGAIN'
  readonly syscall = 'lookup'
  readonly hostname: string

  constructor (hostname: string, failure: string | undefined) {
    super(failure === undefined ? `there is no name ${hostname}` : `${hostname} cannot be looked up: ${failure}`)
    this.code = failure === undefined ? 'ENOTFOUND' : 'EAI_AGAIN'
    this.hostname = hostname
  }
}

/** Shortest and longest time that addresses are kept, whatever their time to live. Containers move sooner than their records expire. */
const shortestTtl = 1000
const longestTtl = 30_000
/** How long it is kept that a name does not exist. */
const denialTtl = 2000
/** How long expired addresses are used while name servers do not respond. */
const staleFor = 3_600_000
/** How long a connection waits for new addresses before it uses expired ones. */
const patience = 500
/** Shortest and longest pause after a failure. */
const shortestPause = 1000
const longestPause = 5000
/** Most names that are kept. */
const maximum = 10_000

/** The part of {@link Names} that code needs to open connections. */
export type NameLookup = Pick<Names, 'lookup' | 'doubt'>

interface Entry {
  addresses: readonly string[]
  /** The name is not looked up again before this time. */
  freshUntil: number
  /** When the last successful look-up ended. */
  resolvedAt: number
  /** Why the last look-up failed. */
  failure: string | undefined
  failures: number
  /** Counts uses of the addresses, so that each use begins with another address. */
  turn: number
  pending: Promise<void> | undefined
}

/** The addresses of names, for the life of the process. */
export class Names {
  readonly #options: NamesOptions
  readonly #entries = new Map<string, Entry>()

  constructor (options: NamesOptions) {
    this.#options = options
  }

  /** Number of names that are kept. */
  get size (): number {
    return this.#entries.size
  }

  /**
   * Finds the addresses of a name, in the order in which to try them.
   * @throws NameError
   */
  async find (name: string): Promise<readonly string[]> {
    const entry = this.#entry(name)
    if (this.#options.now() >= entry.freshUntil) {
      const asking = entry.pending ??= this.#resolve(name, entry)
      // After a failure there is no point in waiting before expired addresses are used.
      if (!this.#isUsable(entry)) await asking
      else if (entry.failures === 0) await Promise.race([asking, pause(patience)])
    }
    if (this.#isUsable(entry)) return rotated(entry.addresses, entry.turn++)
    throw new NameError(name, entry.failure)
  }

  /** Reports that an address of a name could not be connected to. The name is looked up again, at most once a second. */
  doubt (name: string): void {
    const entry = this.#entries.get(name)
    if (entry !== undefined && entry.failures === 0) entry.freshUntil = Math.min(entry.freshUntil, entry.resolvedAt + shortestTtl)
  }

  /** {@link find} in the form that `node:net`, `node:http` and undici expect. */
  readonly lookup: LookupFunction = (hostname, { all, family }, callback) => {
    const only = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined
    this.#find(hostname, (error: Error | null, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const typed = addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 }))
      const found = only === undefined ? typed : typed.filter(({ family }) => family === only)
      if (found.length === 0) callback(new NameError(hostname, undefined), '', 0)
      else if (all === true) callback(null, found)
      else callback(null, found[0]!.address, found[0]!.family)
    })
  }

  readonly #find = callbackify(async (name: string) => await this.find(name))

  #isUsable ({ addresses, resolvedAt }: Entry): boolean {
    return addresses.length > 0 && this.#options.now() < resolvedAt + longestTtl + staleFor
  }

  #entry (name: string): Entry {
    const known = this.#entries.get(name)
    if (known !== undefined) return known
    const entry: Entry = {
      addresses: [],
      freshUntil: -Infinity,
      resolvedAt: -Infinity,
      failure: undefined,
      failures: 0,
      turn: 0,
      pending: undefined
    }
    this.#entries.set(name, entry)
    if (this.#entries.size > maximum) this.#entries.delete(this.#entries.keys().next().value!)
    return entry
  }

  async #resolve (name: string, entry: Entry): Promise<void> {
    const answer = await this.#options.ask(name)
    const now = this.#options.now()
    const before = entry.failure
    entry.pending = undefined
    if ('failure' in answer) {
      entry.failure = answer.failure
      entry.freshUntil = now + Math.min(longestPause, shortestPause * 2 ** entry.failures++)
    } else {
      entry.failure = undefined
      entry.failures = 0
      entry.resolvedAt = now
      entry.addresses = answer.addresses
      entry.freshUntil = now + (answer.addresses.length === 0 ? denialTtl : Math.max(shortestTtl, Math.min(longestTtl, answer.ttl)))
    }
    if ((before === undefined) !== (entry.failure === undefined)) this.#options.changed?.(name, entry.failure)
  }
}

async function pause (milliseconds: number): Promise<void> {
  await new Promise<void>(resolve => { setTimeout(resolve, milliseconds).unref() })
}

/** Rotates the addresses of the first family, so that connections are spread over them as with a name server that rotates its records. */
function rotated (addresses: readonly string[], turn: number): readonly string[] {
  const first = isIPv6(addresses[0]!)
  const next = addresses.findIndex(address => isIPv6(address) !== first)
  const count = next === -1 ? addresses.length : next
  const start = turn % count
  return start === 0 ? addresses : [...addresses.slice(start, count), ...addresses.slice(0, start), ...addresses.slice(count)]
}
