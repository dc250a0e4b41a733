/**
 * getaddrinfo, for names that neither a file nor DNS knows: those of mDNS, NIS and whatever else nsswitch.conf(5) may name. It blocks one of the few threads
 * that all of the process shares, so there is never more than one at a time.
 */

import { lookup } from 'node:dns/promises'

let last: Promise<unknown> = Promise.resolve()

/**
 * Addresses as the system finds them, one look-up after the other.
 * @param signal aborted: the look-up is not begun any more
 * @throws the error of getaddrinfo
 */
export async function systemLookup (name: string, options: { readonly family?: 4 | 6, readonly signal?: AbortSignal } = {}): Promise<readonly string[]> {
  const { family = 0, signal } = options
  const mine = last.then(async () => {
    signal?.throwIfAborted()
    return (await lookup(name, { all: true, family })).map(({ address }) => address)
  })
  last = mine.catch(() => {})
  return await mine
}
