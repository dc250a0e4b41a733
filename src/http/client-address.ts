/** The address of the client, where requests come through trusted proxies. */
import { BlockList, isIP, isIPv4, isIPv6 } from 'node:net'

/** Names that stand for networks. */
const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.0/8', '::1/128'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7']
}

/** Stands for peers over a Unix socket, which have no address. */
const localSocket = 'unix'

const trustNobody = (): boolean => false

/**
 * Compiles networks (`10.0.0.0/8`, `2001:db8::/32`, one address, `loopback`, `private`, `unix`) to a test on addresses.
 * An IPv4 address inside IPv6 (`::ffff:10.0.0.1`) counts as IPv4; text that is no address is not trusted. `unix` stands
 * for peers without an address.
 *
 * @throws RangeError naming the text that is no network.
 */
export function compileTrust (networks: readonly string[]): (ip: string) => boolean {
  if (networks.length === 0) return trustNobody
  const list = new BlockList()
  const local = networks.includes(localSocket)
  for (const network of networks) {
    if (network === localSocket) continue
    for (const text of Object.hasOwn(named, network) ? named[network]! : [network]) add(list, text)
  }
  // Most requests arrive from one of few proxies, so the last result is kept.
  let lastIp = ''
  let lastAnswer = false
  return ip => {
    if (ip === lastIp) return lastAnswer
    const answer = ip === '' || ip === 'unknown' ? local : isTrusted(list, plainAddress(ip))
    lastIp = ip
    lastAnswer = answer
    return answer
  }
}

/**
 * The address of the client: the right-most one in X-Forwarded-For that is not trusted, as every trusted proxy appends the peer it saw.
 * The peer itself when it is not trusted; the left-most address when all are. What is no address ends the walk, at the last good one.
 */
export function clientAddress (peer: string, xForwardedFor: string | undefined, trusted: (ip: string) => boolean): string {
  let client = plainAddress(peer)
  if (xForwardedFor === undefined) return client
  let end = xForwardedFor.length
  while (end > 0 && trusted(client)) {
    const comma = xForwardedFor.lastIndexOf(',', end - 1)
    const next = listedAddress(xForwardedFor.slice(comma + 1, end))
    if (next === undefined) break
    client = next
    end = comma
  }
  return client
}

/**
 * The address of the client where trusted proxies name it in a field of their own; the peer itself when it is
 * not trusted or names none.
 */
export function namedAddress (peer: string, field: string | undefined, trusted: (ip: string) => boolean): string {
  const own = plainAddress(peer)
  return field !== undefined && trusted(own) ? listedAddress(field) ?? own : own
}

/** An address without what Node adds to it: the IPv6 wrapping of IPv4, the zone of a link-local address. */
export function plainAddress (ip: string): string {
  if (ip.startsWith('::ffff:') && isIPv4(ip.slice(7))) return ip.slice(7)
  const zone = ip.indexOf('%')
  return zone === -1 ? ip : ip.slice(0, zone)
}

/** A member of X-Forwarded-For: an address, alone or with a port as some load balancers write it. */
function listedAddress (member: string): string | undefined {
  const text = member.trim().toLowerCase()
  if (isIP(text) !== 0) return plainAddress(text)
  const parts = /^(?:\[([0-9a-f:.]+)\]|([0-9.]+))(?::\d{1,5})?$/.exec(text)
  if (parts === null) return undefined
  const [, v6, v4] = parts
  if (v4 !== undefined) return isIPv4(v4) ? v4 : undefined
  return v6 !== undefined && isIPv6(v6) ? plainAddress(v6) : undefined
}

function isTrusted (list: BlockList, ip: string): boolean {
  const family = isIP(ip)
  return family !== 0 && list.check(ip, family === 4 ? 'ipv4' : 'ipv6')
}

function add (list: BlockList, network: string): void {
  const range = rangeOf(network)
  if (range === undefined) throw new RangeError(networkProblem(network))
  list.addSubnet(...range)
}

/** What is wrong with a text as a network; undefined when nothing is. */
export function networkProblem (text: string): string | undefined {
  if (text === localSocket || Object.hasOwn(named, text) || rangeOf(text) !== undefined) return undefined
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text
  return `"${shown}" is not a network: expected an address, an address/prefix, ${Object.keys(named).join(', ')} or ${localSocket}`
}

function rangeOf (network: string): [address: string, bits: number, family: 'ipv4' | 'ipv6'] | undefined {
  const [address = '', prefix, ...rest] = network.split('/')
  const family = address.includes('%') ? 0 : isIP(address)
  const width = family === 4 ? 32 : 128
  const bits = prefix === undefined ? width : /^\d{1,3}$/.test(prefix) ? Number(prefix) : Infinity
  return family === 0 || bits > width || rest.length > 0 ? undefined : [address, bits, family === 4 ? 'ipv4' : 'ipv6']
}
