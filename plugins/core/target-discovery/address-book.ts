/** Looks up A and AAAA records with their time to live, and keeps the last result while the name servers are unavailable. */

import { type AddressResolver, codeOf, systemLookup } from '../../../src/index.ts'

/** Which records are asked for. */
export type Family = 'any' | 'ipv4' | 'ipv6'

/** The addresses of a name. */
export interface Addresses {
  /** Sorted, so that the order of the records has no effect. Undefined when there was never a response. */
  readonly addresses: readonly string[] | undefined
  /** Least time to live of the records, in seconds; undefined when none came with one. */
  readonly ttl: number | undefined
  /** Why the name could not be looked up this time; `addresses` are then those that were known before. */
  readonly failure: string | undefined
}

type Answer = { readonly records: readonly Record[] } | { readonly failure: string }

interface Record {
  readonly address: string
  readonly ttl?: number
}

export class AddressBook {
  readonly #resolver: AddressResolver
  readonly #family: Family
  readonly #useHosts: boolean
  /** The last response by record type and name. */
  readonly #known = new Map<string, readonly Record[]>()

  /** `useHosts`: names that DNS does not know are looked for where the system looks, such as /etc/hosts. */
  constructor (resolver: AddressResolver, options: { readonly family: Family, readonly useHosts: boolean }) {
    this.#resolver = resolver
    this.#family = options.family
    this.#useHosts = options.useHosts
  }

  /** Looks a name up. A response that the name does not exist is a valid, empty result. Never throws. */
  async find (name: string): Promise<Addresses> {
    const types = this.#family === 'any' ? ['A', 'AAAA'] : [this.#family === 'ipv4' ? 'A' : 'AAAA']
    const answers = await Promise.all(types.map(async type => await this.#ask(type, name)))
    const fresh = answers.flatMap(answer => 'records' in answer ? answer.records : [])
    const failed = answers.find(answer => 'failure' in answer)
    // Some servers never respond to AAAA queries. If the A query succeeds, that is not a failure.
    if (fresh.length > 0 || failed === undefined) return this.#found(name, types, undefined)
    return this.#found(name, types, failed.failure)
  }

  /** Forgets all other names: those that records no longer lead to would otherwise be kept for good. */
  keep (names: readonly string[]): void {
    for (const key of this.#known.keys()) if (!names.includes(key.slice(key.indexOf(' ') + 1))) this.#known.delete(key)
  }

  async #ask (type: string, name: string): Promise<Answer> {
    const answer = await query(async () => type === 'A'
      ? await this.#resolver.resolve4(name, { ttl: true })
      : await this.#resolver.resolve6(name, { ttl: true }))
    const empty = 'records' in answer && answer.records.length === 0
    const settled = empty && this.#useHosts ? await query(async () => await fromSystem(name, type === 'A' ? 4 : 6)) : answer
    if ('records' in settled) this.#known.set(`${type} ${name}`, settled.records)
    return settled
  }

  #found (name: string, types: readonly string[], failure: string | undefined): Addresses {
    const known = types.map(type => this.#known.get(`${type} ${name}`)).filter(records => records !== undefined)
    if (known.length === 0) return { addresses: undefined, ttl: undefined, failure }
    const records = known.flat()
    const ttls = records.map(({ ttl }) => ttl).filter(ttl => ttl !== undefined)
    return {
      addresses: [...new Set(records.map(({ address }) => address))].toSorted(),
      ttl: ttls.length === 0 ? undefined : Math.min(...ttls),
      failure
    }
  }
}

/** A name or record that does not exist (RFC 8020, RFC 2308) is an empty result; any other error is a failure. */
const nothing: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA'])

async function query (ask: () => Promise<readonly Record[]>): Promise<Answer> {
  try {
    return { records: await ask() }
  } catch (error) {
    const code = codeOf(error)
    return nothing.has(code) ? { records: [] } : { failure: code }
  }
}

/** Addresses of the system's own lookup, which also reads the hosts file. */
async function fromSystem (name: string, family: 4 | 6): Promise<{ readonly address: string }[]> {
  return (await systemLookup(name, { family })).map(address => ({ address }))
}
