/** Targets from A and AAAA records: every address of a name is one. */

import type { TargetDefinition, TargetSettings } from '../../../src/index.ts'
import type { AddressBook } from './address-book.ts'
import type { Resolver } from './resolution.ts'

/** Looks for the addresses behind the host of `url`, such as `http://users.internal:3000`. */
export function createDnsResolver (url: string, settings: TargetSettings, book: AddressBook): Resolver {
  const { hostname } = new URL(url)
  return async () => {
    const { addresses, ttl, failure } = await book.find(hostname)
    const members = addresses?.map((address): TargetDefinition => ({ url, address, settings }))
    return { members, validFor: ttl === undefined ? undefined : ttl * 1000, failure }
  }
}
