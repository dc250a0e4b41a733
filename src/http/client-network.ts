/** Groups client addresses: one IPv4 address, or one IPv6 /64 network. */

import { plainAddress } from './client-address.ts'

/**
 * An IPv4 address as it is; of an IPv6 address the first 64 bits, as `2001:db8:0:1::/64`, because that is the smallest
 * network that a subscriber gets (RFC 6177 §2), who may use a new address of it for every request. IPv4 inside IPv6
 * (`::ffff:10.0.0.1`) is IPv4. What is no address comes back unchanged.
 */
export function clientNetwork (ip: string): string {
  const address = plainAddress(ip)
  if (!address.includes(':')) return address
  const groups = expand(address.toLowerCase())
  if (groups === undefined) return address
  const mapped = groups.slice(0, 5).every(group => group === 0) && groups[5] === 0xffff
  if (mapped) return groups.slice(6).flatMap(group => [group >> 8, group & 0xff]).join('.')
  return `${groups.slice(0, 4).map(group => group.toString(16)).join(':')}::/64`
}

/** The eight groups of an IPv6 address (RFC 4291 §2.2); undefined when it is none. */
function expand (address: string): number[] | undefined {
  const [head = '', tail, ...more] = address.split('::')
  if (more.length > 0) return undefined
  const before = groupsOf(head)
  const after = tail === undefined ? [] : groupsOf(tail)
  const missing = 8 - before.length - after.length
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...before, ...Array.from<number>({ length: missing }).fill(0), ...after]
  return groups.every(group => group >= 0 && group <= 0xffff) ? groups : undefined
}

function groupsOf (text: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap(group => {
    if (/^[0-9a-f]{1,4}$/.test(group)) return [parseInt(group, 16)]
    const bytes = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(group)?.slice(1).map(Number)
    return bytes === undefined ? [NaN] : [bytes[0]! * 256 + bytes[1]!, bytes[2]! * 256 + bytes[3]!]
  })
}
