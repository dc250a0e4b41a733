/** Resolves a name: from the hosts file, then with DNS, then with the other sources of the system. */

import { promises as dns } from 'node:dns'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { nothing, queryAddresses, type IpFamily, type NameAnswer } from './query.ts'
import { candidatesOf, parseHosts, parseSearchList, reading, type SearchList } from './system-files.ts'
import { systemLookup } from './system-lookup.ts'

/** The sources of addresses. */
export interface Places {
  /** Name servers instead of those of the system. Names are then complete, and no other source is used. */
  readonly resolvers: readonly string[]
  /** The default is the files of the system. */
  readonly hosts?: () => ReadonlyMap<string, readonly string[]>
  readonly searchList?: () => SearchList
}

/** Time for a whole look-up, in milliseconds. */
const longest = 5000

/** Time for one query to one name server, which is sent twice. */
const query = { timeout: 1000, tries: 2 } as const

/** How long addresses of the hosts file are kept, in milliseconds, because the file may change. */
const hostsTtl = 5000

/** `localhost` and names below it are this machine, and `invalid` does not exist (RFC 6761 §6.3, §6.4). */
const loopback: readonly string[] = ['127.0.0.1', '::1']

/** Returns a function that resolves a name. It never throws. */
export function nameAsker ({
  resolvers,
  hosts = reading('/etc/hosts', parseHosts),
  searchList = reading('/etc/resolv.conf', parseSearchList)
}: Places): (name: string) => Promise<NameAnswer> {
  return async written => {
    const name = written.toLowerCase()
    const complete = name.replace(/\.$/, '')
    if (/(?:^|\.)invalid$/.test(complete)) return nothing
    const known = hosts().get(complete) ?? (/(?:^|\.)localhost$/.test(complete) ? loopback : undefined)
    if (known !== undefined) return { addresses: ordered(known, familiesHere()), ttl: hostsTtl }
    const candidates = resolvers.length > 0 ? [complete] : candidatesOf(name, searchList())
    return await bounded(async signal => await askServers(candidates, resolvers, signal))
  }
}

async function askServers (candidates: readonly string[], resolvers: readonly string[], signal: AbortSignal): Promise<NameAnswer> {
  // A new one for each look-up: it reads the current resolv.conf, and a name without a response delays no other.
  const resolver = new dns.Resolver(query)
  if (resolvers.length > 0) resolver.setServers(resolvers)
  signal.addEventListener('abort', () => resolver.cancel())
  const families = familiesHere()
  let failed: NameAnswer | undefined
  for (const candidate of candidates) {
    const answer = await queryAddresses(resolver, candidate, families)
    if (signal.aborted) break
    if ('failure' in answer) failed ??= answer
    else if (answer.addresses.length > 0) return { ...answer, addresses: ordered(answer.addresses, families) }
  }
  // When the servers do not respond, getaddrinfo would wait for the same ones.
  const answered = failed === undefined || !('failure' in failed && failed.failure === 'ETIMEOUT')
  if (resolvers.length === 0 && answered && !signal.aborted) {
    const addresses = await systemLookup(candidates.at(-1)!, { signal }).catch(() => [])
    if (addresses.length > 0) return { addresses, ttl: hostsTtl }
  }
  return failed ?? nothing
}

/** Limits a look-up to its time, whether or not it reacts to the signal. */
async function bounded (ask: (signal: AbortSignal) => Promise<NameAnswer>): Promise<NameAnswer> {
  const controller = new AbortController()
  let timer: PatientTimer | undefined
  const late = new Promise<NameAnswer>(resolve => {
    timer = patiently(longest, () => {
      controller.abort()
      resolve({ failure: 'ETIMEOUT' })
    }).unref()
  })
  try {
    return await Promise.race([ask(controller.signal), late])
  } finally {
    timer?.clear()
  }
}

/** The address families of this machine, the preferred one first (RFC 6724 §2.1); both when it has no address. */
function familiesHere (): readonly IpFamily[] {
  const all = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? [])
  const outward = all.filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  const six = outward.some(({ family }) => family === 'IPv6')
  const four = outward.some(({ family }) => family === 'IPv4')
  return six ? four ? [6, 4] : [6] : four ? [4] : [4, 6]
}

/** Addresses of the first family first. */
function ordered (addresses: readonly string[], [first]: readonly IpFamily[]): readonly string[] {
  return addresses.toSorted((a, b) => Number(isIPv6(a) !== (first === 6)) - Number(isIPv6(b) !== (first === 6)))
}
