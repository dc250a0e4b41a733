/** Targets from SRV records (RFC 2782): a host, a port, a weight and a priority each. */

import type { SrvRecord } from 'node:dns'
import { codeOf, type TargetDefinition, type TargetSettings } from '../../../src/index.ts'
import type { AddressBook, Addresses } from './address-book.ts'
import type { Resolution, Resolver } from './resolution.ts'

/** The part of `dns.promises.Resolver` that is used. */
export interface SrvResolver {
  resolveSrv (name: string): Promise<SrvRecord[]>
}

/** Looks for the services behind the host of `url`, such as `http://_users._tcp.internal`, and for the addresses of their hosts. */
export function createSrvResolver (url: string, settings: TargetSettings, resolver: SrvResolver, book: AddressBook): Resolver {
  const { hostname, protocol, pathname } = new URL(url)
  return async () => {
    const answer = await ask(resolver, hostname)
    if ('failure' in answer) return { members: undefined, failure: answer.failure }
    const { records } = answer
    const names = [...new Set(records.map(({ name }) => name))]
    book.keep(names)
    const books = new Map(await Promise.all(names.map(async (name): Promise<[string, Addresses]> => [name, await book.find(name)])))
    return toFound(records, books, { protocol, pathname, settings })
  }
}

async function ask (resolver: SrvResolver, name: string): Promise<{
  readonly records: readonly SrvRecord[]
} | { readonly failure: string }> {
  try {
    // "." as host says that the service is decidedly not there.
    return { records: (await resolver.resolveSrv(name)).filter(record => record.name !== '' && record.name !== '.') }
  } catch (error) {
    const code = codeOf(error)
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { records: [] } : { failure: code }
  }
}

/** The keys that all targets share. */
interface Common {
  readonly protocol: string
  readonly pathname: string
  readonly settings: TargetSettings
}

/** The targets of records whose hosts were looked up. A host that cannot be looked up keeps the addresses that were known. */
export function toFound (records: readonly SrvRecord[], books: ReadonlyMap<string, Addresses>, common: Common): Resolution {
  const failed = [...books].find(([, { failure }]) => failure !== undefined)
  const failure = failed === undefined ? undefined : `${failed[0]}: ${failed[1].failure}`
  const unknown = [...books.values()].every(({ addresses }) => addresses === undefined)
  if (unknown && records.length > 0) return { members: undefined, failure }
  const ttls = [...books.values()].map(({ ttl }) => ttl).filter(ttl => ttl !== undefined)
  return {
    members: sorted(records).flatMap(record => toMembers(record, books.get(record.name)?.addresses ?? [], common)),
    validFor: ttls.length === 0 ? undefined : Math.min(...ttls) * 1000,
    failure
  }
}

function toMembers (
  { name, port, weight, priority }: SrvRecord,
  addresses: readonly string[],
  { protocol, pathname, settings }: Common
): TargetDefinition[] {
  const url = URL.parse(`${protocol}//${name}:${port}${pathname}`)?.href
  // A host name that is invalid in a URL is skipped.
  if (url === undefined) return []
  // To RFC 2782 weight 0 is a very small share; here it would drain the target.
  const own = { ...settings, weight: Math.max(1, weight), priority }
  return addresses.map(address => ({ url, address, settings: own }))
}

/** In an order that does not depend on the server's. */
function sorted (records: readonly SrvRecord[]): SrvRecord[] {
  return records.toSorted((a, b) => a.priority - b.priority || a.name.localeCompare(b.name) || a.port - b.port)
}
