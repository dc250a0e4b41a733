/** Looks one name up: in the hosts file, then in DNS, then wherever else the system looks. */

import { promises as dns } from 'node:dns'
import { isIPv6 } from 'node:net'
import { networkInterfaces } from 'node:os'
import { patiently, type PatientTimer } from '../scheduling/patient-timer.ts'
import { nothing, queryAddresses, type IpFamily, type NameAnswer } from './query.ts'
import { candidatesOf, parseHosts, parseSearchList, reading, type SearchList } from './system-files.ts'
import { systemLookup } from './system-lookup.ts'

/** Where it looks. */
export interface Places {
  /** Name servers in place of the system's; then names are complete, and nobody else is asked. */
  readonly resolvers: readonly string[]
  /** Unless given, those of the machine. */
  readonly hosts?: () => ReadonlyMap<string, readonly string[]>
  readonly searchList?: () => SearchList
}

/** For the whole of a look-up, in milliseconds. */
const longest = 5000

/** For one question to one name server, asked twice. */
const query = { timeout: 1000, tries: 2 } as const

/** How long what the hosts file says is remembered, in milliseconds; the file may change. */
const hostsTtl = 5000

/** `localhost` and what is below it is this machine, and `invalid` is nowhere (RFC 6761 §6.3, §6.4). */
const loopback: readonly string[] = ['127.0.0.1', '::1']

/** Returns the function that looks a name up. It never throws. */
export function nameAsker ({ resolvers, hosts = reading('/etc/hosts', parseHosts), searchList = reading('/etc/resolv.conf', parseSearchList) }: Places): (name: string) => Promise<NameAnswer> {
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
  // One for each look-up: it reads resolv.conf as it is now, and a name that is not answered holds up no other.
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
  // Where servers are silent getaddrinfo would wait for the same ones.
  const answered = failed === undefined || !('failure' in failed && failed.failure === 'ETIMEOUT')
  if (resolvers.length === 0 && answered && !signal.aborted) {
    const addresses = await systemLookup(candidates.at(-1)!, { signal }).catch(() => [])
    if (addresses.length > 0) return { addresses, ttl: hostsTtl }
  }
  return failed ?? nothing
}

/** Nobody waits longer, whether or not the question heeds the signal. */
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

/** The families that this machine has addresses of, the preferred one first (RFC 6724 §2.1); both where it has none. */
function familiesHere (): readonly IpFamily[] {
  const outward = Object.values(networkInterfaces()).flatMap(addresses => addresses ?? []).filter(({ internal, address }) => !internal && !address.startsWith('fe80:'))
  const six = outward.some(({ family }) => family === 'IPv6')
  const four = outward.some(({ family }) => family === 'IPv4')
  return six ? four ? [6, 4] : [6] : four ? [4] : [4, 6]
}

/** Addresses of the first family first. */
function ordered (addresses: readonly string[], [first]: readonly IpFamily[]): readonly string[] {
  return addresses.toSorted((a, b) => Number(isIPv6(a) !== (first === 6)) - Number(isIPv6(b) !== (first === 6)))
}
