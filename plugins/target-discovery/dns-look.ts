/** Targets from A and AAAA records: every address of a name is one. */

import type { TargetSettings } from '../../src/config/types.ts'
import type { Member } from '../../src/upstream/target.ts'
import type { AddressBook } from './address-book.ts'
import type { Look } from './found.ts'

/** Looks for the addresses behind the host of `url`, such as `http://users.internal:3000`. */
export function dnsLook (url: string, settings: TargetSettings, book: AddressBook): Look {
  const { hostname } = new URL(url)
  return async () => {
    const { addresses, ttl, failure } = await book.find(hostname)
    const members = addresses?.map((address): Member => ({ url, address, settings }))
    return { members, validFor: ttl === undefined ? undefined : ttl * 1000, failure }
  }
}
