/**
 * Calls getaddrinfo for names that neither the hosts file nor DNS has, such as those of mDNS, NIS and other sources in nsswitch.conf(5).
 * A call blocks one of the few threads that the whole process shares, so there is never more than one at a time.
 */

import { lookup } from 'node:dns/promises'

let last: Promise<unknown> = Promise.resolve()

/**
 * Resolves a name with getaddrinfo, one call after the other.
 * @param signal a look-up is not started after it is aborted
 * @throws the error of getaddrinfo
 */
export async function systemLookup (
  name: string,
  { family, signal }: { readonly family?: 4 | 6, readonly signal?: AbortSignal } = {}
): Promise<readonly string[]> {
  const mine = last.then(async () => {
    signal?.throwIfAborted()
    return (await lookup(name, { all: true, family: family ?? 0 })).map(({ address }) => address)
  })
  last = mine.catch(() => {})
  return await mine
}
