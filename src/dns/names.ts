/**
 * Addresses of names, for every connection that the gateway opens: one look-up at a time for all who want to know the same name, remembered for a while, and
 * what was known before while nobody answers. Names do not wait for each other.
 */

import { isIPv6, type LookupFunction } from 'node:net'
import { callbackify } from 'node:util'
import type { NameAnswer } from './query.ts'

/** What {@link Names} need of their surroundings. */
export interface NamesOptions {
  /** Looks a name up; never throws, and has a bound of its own. */
  readonly ask: (name: string) => Promise<NameAnswer>
  /** Monotonic milliseconds. */
  readonly now: () => number
  /** Told when a name cannot be looked up, with the code, and with undefined when it can be again. */
  readonly changed?: (name: string, failure: string | undefined) => void
}

/** A name that has no address now. Its code is that of getaddrinfo: ENOTFOUND where there is no such name, EAI_AGAIN where nobody could tell. */
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

/** Shortest and longest time for which addresses are remembered, whatever their time to live says. Containers move sooner than their records say. */
const shortestTtl = 1000
const longestTtl = 30_000
/** How long it is remembered that there is no such name. */
const denialTtl = 2000
/** How long addresses whose time is over serve while nobody answers. */
const staleFor = 3_600_000
/** How long a connection waits for better ones than those. */
const patience = 500
/** Shortest and longest pause after a failure. */
const shortestPause = 1000
const longestPause = 5000
/** Most names that are remembered. */
const maximum = 10_000

/** What whoever opens connections needs of {@link Names}. */
export type NameLookup = Pick<Names, 'lookup' | 'doubt'>

interface Entry {
  addresses: readonly string[]
  /** Until when it is not asked again. */
  freshUntil: number
  /** When the last answer came. */
  learntAt: number
  /** Why there was none the last time. */
  failure: string | undefined
  failures: number
  /** Counts those that were given addresses, so that each begins with another one. */
  turn: number
  pending: Promise<void> | undefined
}

export class Names {
  readonly #options: NamesOptions
  readonly #entries = new Map<string, Entry>()

  constructor (options: NamesOptions) {
    this.#options = options
  }

  /** Names that are remembered. */
  get size (): number {
    return this.#entries.size
  }

  /**
   * The addresses of a name, the one to try first in front.
   * @throws NameError
   */
  async find (name: string): Promise<readonly string[]> {
    const entry = this.#entry(name)
    if (this.#options.now() >= entry.freshUntil) {
      const asking = entry.pending ??= this.#learn(name, entry)
      // As long as servers do not answer, waiting for them is in vain.
      if (!this.#isUsable(entry)) await asking
      else if (entry.failures === 0) await Promise.race([asking, pause(patience)])
    }
    if (this.#isUsable(entry)) return rotated(entry.addresses, entry.turn++)
    throw new NameError(name, entry.failure)
  }

  /** No connection could be made to an address of this name: it may have moved, so it is asked for again, at most once a second. */
  doubt (name: string): void {
    const entry = this.#entries.get(name)
    if (entry !== undefined && entry.failures === 0) entry.freshUntil = Math.min(entry.freshUntil, entry.learntAt + shortestTtl)
  }

  /** {@link find} as `node:net`, `node:http` and undici take it. */
  readonly lookup: LookupFunction = (hostname, { all, family }, callback) => {
    const only = family === 4 || family === 'IPv4' ? 4 : family === 6 || family === 'IPv6' ? 6 : undefined
    this.#find(hostname, (error: Error | null, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const found = addresses.map(address => ({ address, family: isIPv6(address) ? 6 : 4 })).filter(({ family }) => only === undefined || family === only)
      if (found.length === 0) callback(new NameError(hostname, undefined), '', 0)
      else if (all === true) callback(null, found)
      else callback(null, found[0]!.address, found[0]!.family)
    })
  }

  readonly #find = callbackify(async (name: string) => await this.find(name))

  #isUsable ({ addresses, learntAt }: Entry): boolean {
    return addresses.length > 0 && this.#options.now() < learntAt + longestTtl + staleFor
  }

  #entry (name: string): Entry {
    const known = this.#entries.get(name)
    if (known !== undefined) return known
    const entry: Entry = { addresses: [], freshUntil: -Infinity, learntAt: -Infinity, failure: undefined, failures: 0, turn: 0, pending: undefined }
    this.#entries.set(name, entry)
    if (this.#entries.size > maximum) this.#entries.delete(this.#entries.keys().next().value!)
    return entry
  }

  async #learn (name: string, entry: Entry): Promise<void> {
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
      entry.learntAt = now
      entry.addresses = answer.addresses
      entry.freshUntil = now + (answer.addresses.length === 0 ? denialTtl : Math.max(shortestTtl, Math.min(longestTtl, answer.ttl)))
    }
    if ((before === undefined) !== (entry.failure === undefined)) this.#options.changed?.(name, entry.failure)
  }
}

async function pause (milliseconds: number): Promise<void> {
  await new Promise<void>(resolve => { setTimeout(resolve, milliseconds).unref() })
}

/** The same, beginning with another one of the first one's family: connections spread over the addresses as over those of a name server that rotates them. */
function rotated (addresses: readonly string[], turn: number): readonly string[] {
  const first = isIPv6(addresses[0]!)
  const next = addresses.findIndex(address => isIPv6(address) !== first)
  const count = next === -1 ? addresses.length : next
  const start = turn % count
  return start === 0 ? addresses : [...addresses.slice(start, count), ...addresses.slice(0, start), ...addresses.slice(count)]
}
