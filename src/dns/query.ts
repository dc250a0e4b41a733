/** Queries name servers for the addresses of one complete name. */

import type { RecordWithTtl } from 'node:dns'

/** The part of `dns.promises.Resolver` that is used. */
export interface AddressResolver {
  resolve4 (name: string, options: { ttl: true }): Promise<RecordWithTtl[]>
  resolve6 (name: string, options: { ttl: true }): Promise<RecordWithTtl[]>
}

/** An IP version. */
export type IpFamily = 4 | 6

/** Addresses with their time to live in milliseconds (none if there is no such name), or the code of the failure. */
export type NameAnswer = { readonly addresses: readonly string[], readonly ttl: number } | { readonly failure: string }

/** How long to wait for the second record type after the first (RFC 8305 §3), in milliseconds. Some servers never respond for AAAA. */
const grace = 50

/** Queries A and AAAA records at the same time. Never throws. */
export async function queryAddresses (resolver: AddressResolver, name: string, families: readonly IpFamily[]): Promise<NameAnswer> {
  const answers: NameAnswer[] = []
  await new Promise<void>(resolve => {
    for (const family of families) {
      void queryRecords(resolver, name, family).then(answer => {
        answers.push(answer)
        if (answers.length === families.length) resolve()
        else if ('addresses' in answer && answer.addresses.length > 0) setTimeout(resolve, grace)
      })
    }
  })
  const found = answers.filter(answer => 'addresses' in answer).filter(({ addresses }) => addresses.length > 0)
  if (found.length === 0) return answers.find(answer => 'failure' in answer) ?? nothing
  return { addresses: found.flatMap(({ addresses }) => addresses), ttl: Math.min(...found.map(({ ttl }) => ttl)) }
}

/** The result for a name that does not exist. */
export const nothing: NameAnswer = { addresses: [], ttl: 0 }

async function queryRecords (resolver: AddressResolver, name: string, family: IpFamily): Promise<NameAnswer> {
  try {
    const records = await (family === 4 ? resolver.resolve4(name, { ttl: true }) : resolver.resolve6(name, { ttl: true }))
    return { addresses: records.map(({ address }) => address), ttl: Math.min(...records.map(({ ttl }) => ttl)) * 1000 }
  } catch (error) {
    const code = codeOf(error)
    // RFC 8020, RFC 2308: that a name or its records do not exist is a valid result.
    return code === 'ENOTFOUND' || code === 'ENODATA' ? nothing : { failure: code }
  }
}

/** The code of an error of `node:dns`, such as `ETIMEOUT`. */
export function codeOf (error: unknown): string {
  return (error as { code?: string }).code ?? String(error)
}
